#include "city_simulator/play/progress.hpp"

#include <unistd.h>

#include <cstdio>

namespace tilts::city_simulator {

Progress::Progress(const Ledger& ledger) : ledger_(ledger), live_(isatty(STDOUT_FILENO) != 0) {}

void Progress::Show(Instant at, unsigned day, unsigned days) {
  const Day today = InRiga(at).day;
  if (!live_ && today == last_day_) return;
  last_day_ = today;
  std::string line = ForPeople(at) + "  school day " + std::to_string(day) + "/" + std::to_string(days);
  for (const Kind kind : {Kind::kReport, Kind::kDelivery}) {
    line += "  " + std::string(NameOf(kind)) + " " + std::to_string(ledger_.expected(kind)) + "/" +
            std::to_string(ledger_.seen(kind));
  }
  std::printf(live_ ? "\r%s\x1b[K" : "%s\n", line.c_str());
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
