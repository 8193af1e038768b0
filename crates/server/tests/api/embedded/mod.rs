//! What only the embedded database has: a file, its layouts, and a directory that others must not read.

mod databases;
mod databases_of_layout_1;
mod private_files;
