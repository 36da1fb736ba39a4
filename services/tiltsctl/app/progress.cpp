#include "tiltsctl/app/progress.hpp"

#include <ostream>

namespace tilts::tiltsctl {
namespace {

constexpr std::chrono::milliseconds kPause{100};
constexpr char kEraseLine[] = "\r\x1b[K";

}  // namespace

void Progress::Show(std::uint64_t done, std::uint64_t total) {
  const auto now = std::chrono::steady_clock::now();
  if (!session_.progress || now < next_) return;
  next_ = now + kPause;
  shown_ = true;
  session_.err << kEraseLine << what_ << ' ' << done << " of " << total << std::flush;
}

Progress::~Progress() {
  if (shown_) session_.err << kEraseLine << std::flush;
}

}  // namespace tilts::tiltsctl
