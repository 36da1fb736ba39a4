#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tilts::city_simulator {

// Marks everything personal the city makes up: names, person codes, contacts, free text. Whatever carries the mark of a
// run and turns up where only codes and random ids belong has leaked.
class Canary {
 public:
  // The same seed and salt give the same marks.
  Canary(std::uint64_t seed, std::uint64_t salt);

  std::string GivenName(std::uint64_t person) const;
  std::string FamilyName(std::uint64_t person) const;
  // In the form of a national code; the first seven digits are the mark.
  std::string PersonCode(std::uint64_t person) const;
  // The school's own number of a pupil.
  std::string PupilNumber(unsigned school, std::uint64_t pupil) const;
  std::string Contact(std::uint64_t person) const;
  std::string Text(std::string_view about, std::uint64_t number) const;

  // What a scanner has to look for: the marks themselves and what base64 makes of them at each alignment.
  const std::vector<std::string>& marks() const { return marks_; }

 private:
  std::string word_;
  std::string code_prefix_;
  std::vector<std::string> marks_;
};

}  // namespace tilts::city_simulator
