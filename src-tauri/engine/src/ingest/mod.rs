//! How do bytes of somebody else's export become records?
