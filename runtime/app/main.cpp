// The program: everything it does is in cli.cpp and the files of its commands.
#include <clocale>
#include <csignal>

#include "app/cli.h"

int main(int argc, char** argv) {
  std::setlocale(LC_CTYPE, "");   // widths of characters; everything else stays "C"
  std::signal(SIGPIPE, SIG_IGN);  // a reader that goes away ends no run: app/output.h
  return neap::app::run_command_line(argc, argv);
}
