// Who runs the engine must be able to name the machines, addresses and instants of its API.
@_exported public import NetPrimitives
@_exported public import VRRPCore
