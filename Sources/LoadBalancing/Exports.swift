@_exported public import HealthCheck
@_exported public import NetPrimitives
