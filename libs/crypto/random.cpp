#include "crypto/random.hpp"

#include <openssl/rand.h>

#include <exception>

#include "crypto/encoding.hpp"

namespace tilts::crypto {

std::string RandomBytes(std::size_t count) {
  std::string bytes(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1) std::terminate();
  return bytes;
}

std::string RandomId() {
  return ToBase32(RandomBytes(kIdBytes));
}

}  // namespace tilts::crypto
