//! Archives: members of every kind of archive, and everything that a stranger's archive may try.
