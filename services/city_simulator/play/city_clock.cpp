#include "city_simulator/play/city_clock.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>

namespace tilts::city_simulator {

static_assert(std::endian::native == std::endian::little, "the clock file is little endian");
static_assert(std::atomic<std::int64_t>::is_always_lock_free &&
              sizeof(std::atomic<std::int64_t>) == sizeof(std::int64_t));

CityClock::~CityClock() {
  if (micros_ != nullptr) munmap(micros_, sizeof(std::int64_t));
}

std::string CityClock::Open(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR | O_CLOEXEC);
  struct stat about {};
  if (file < 0 || fstat(file, &about) != 0 || about.st_size < static_cast<off_t>(sizeof(std::int64_t))) {
    if (file >= 0) close(file);
    return path + " is no city clock of eight bytes";
  }
  void* bytes = mmap(nullptr, sizeof(std::int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (bytes == MAP_FAILED) return path + " cannot be mapped";
  micros_ = static_cast<std::atomic<std::int64_t>*>(bytes);
  return {};
}

Instant CityClock::now() const {
  return Instant{std::chrono::microseconds{micros_->load()}};
}

void CityClock::StepTo(Instant at) {
  if (at > now()) micros_->store(at.time_since_epoch().count());
}

}  // namespace tilts::city_simulator
