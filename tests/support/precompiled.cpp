// Holds nothing: a precompiled header is only built for a target with a source that uses it.
