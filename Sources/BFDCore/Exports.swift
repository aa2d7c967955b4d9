@_exported public import NetPrimitives
