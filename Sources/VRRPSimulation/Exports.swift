// Who simulates an election must be able to name the machines, definitions and addresses of its API.
@_exported public import NetPrimitives
@_exported public import VRRPCore
@_exported public import VRRPRuntime
