//! How does a series of numbers become a picture that says where each of its points lies?
