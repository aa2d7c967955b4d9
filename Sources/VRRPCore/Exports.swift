// Who writes `import VRRPCore` must be able to name the addresses and instants of its API.
@_exported public import NetPrimitives
