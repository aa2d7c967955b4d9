// Who writes `import ConfigParser` must be able to name the values a configuration is made of.
@_exported public import NetPrimitives
@_exported public import VRRPCore
