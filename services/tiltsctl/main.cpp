#include <unistd.h>

#include <iostream>

#include "config/config.hpp"
#include "tiltsctl/app/command_line.hpp"

int main(int argc, char** argv) {
  return tilts::tiltsctl::RunCommandLine({argv + 1, argv + argc}, tilts::config::ProcessEnvironment(), std::cout,
                                         std::cerr, ::isatty(STDERR_FILENO) == 1);
}
