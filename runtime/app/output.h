// Standard output and standard error, whose readers may go away: `neap runs ls | head -1`.
#pragma once

#include <cstdio>
#include <string_view>

#include "app/exit_code.h"

namespace neap::app {

// Writes now. When it cannot be written, what follows on this stream is dropped: a run goes on to
// its end whether anybody reads along or not. A full disk is said on standard error.
void put(std::FILE* stream, std::string_view text);
// A line on standard error.
void say(std::string_view text);

// What the process exits with once its output has been written: `code`, unless all went well and
// nobody read it to its end, or it could not be written.
ExitCode finish_output(ExitCode code);

// For a writer that throws: the reader went away. Nothing else is worth saying.
bool reader_is_gone(const std::exception& problem);

}  // namespace neap::app
