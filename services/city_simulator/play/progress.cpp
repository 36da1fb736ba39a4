#include "city_simulator/play/progress.hpp"

#include <unistd.h>

#include <cstdio>

namespace tilts::city_simulator {

Progress::Progress() : live_(isatty(STDOUT_FILENO) != 0) {}

void Progress::Show(Instant at, const std::string& counts) {
  const Day today = InRiga(at).day;
  if (!live_ && today == last_day_) return;
  last_day_ = today;
  std::printf(live_ ? "\r%s  %s\x1b[K" : "%s  %s\n", ForPeople(at).c_str(), counts.c_str());
  std::fflush(stdout);
  shown_ = true;
}

void Progress::Note(const std::string& text) {
  End();
  std::printf("%s\n", text.c_str());
  std::fflush(stdout);
}

void Progress::End() {
  if (live_ && shown_) std::printf("\n");
  shown_ = false;
}

}  // namespace tilts::city_simulator
