/// The release this is.
let version = "0.1.0"
