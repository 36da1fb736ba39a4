#include "city_simulator/truth/sent_records.hpp"

#include <openssl/evp.h>

#include <array>
#include <vector>

namespace tilts::city_simulator {
namespace {

std::string Unhex(const std::string& hex) {
  std::string bytes;
  for (std::size_t at = 0; at + 1 < hex.size(); at += 2)
    bytes += static_cast<char>(std::stoi(hex.substr(at, 2), nullptr, 16));
  return bytes;
}

}  // namespace

std::string Sha256Hex(const std::string& bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned length = 0;
  EVP_Digest(bytes.data(), bytes.size(), hash.data(), &length, EVP_sha256(), nullptr);
  return HexOf({reinterpret_cast<const char*>(hash.data()), length});
}

std::string HexOf(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    text += kDigits[static_cast<unsigned char>(byte) >> 4U];
    text += kDigits[static_cast<unsigned char>(byte) & 15U];
  }
  return text;
}

void SentRecords::Add(const std::string& pupil, const PlainFact& fact, const std::string& record_id) {
  const std::pair<std::string, std::string> key{pupil, fact.key};
  const auto known = day_of_.try_emplace({fact.school, fact.kind, pupil, fact.key}, fact.day).first;
  auto* records = &days_[{fact.school, known->second}][fact.kind];
  const bool moves = known->second != fact.day && fact.revision > (*records)[key].revision;
  if (moves) {
    auto moved = records->extract(key);
    if (records->empty()) days_[{fact.school, known->second}].erase(fact.kind);
    known->second = fact.day;
    records = &days_[{fact.school, fact.day}][fact.kind];
    records->insert(std::move(moved));
  }
  Record& record = (*records)[key];
  if (!record_id.empty()) record.id = record_id;
  if (fact.revision <= record.revision) return;
  record.revision = fact.revision;
  record.withdrawn = fact.withdrawn;
}

std::map<std::string, SentRecords::Figure> SentRecords::FiguresOf(const std::string& school, int day) const {
  std::map<std::string, Figure> figures;
  const auto found = days_.find({school, day});
  if (found == days_.end()) return figures;
  for (const auto& [kind, records] : found->second) {
    Figure& figure = figures[NameOf(kind)];
    std::map<std::string, std::string> sorted;
    for (const auto& [key, record] : records) {
      ++figure.records;
      if (record.withdrawn) ++figure.withdrawn;
      const char revision[2] = {static_cast<char>(record.revision >> 8U), static_cast<char>(record.revision & 255U)};
      sorted[Unhex(record.id)] = std::string(revision, 2);
    }
    std::string bytes;
    for (const auto& [id, revision] : sorted) bytes += id + revision;
    if (!sorted.contains("")) figure.digest = Sha256Hex(bytes);
  }
  return figures;
}

std::set<std::pair<std::string, int>> SentRecords::SchoolDays() const {
  std::set<std::pair<std::string, int>> days;
  for (const auto& [day, kinds] : days_) days.insert(day);
  return days;
}

std::uint64_t SentRecords::size() const {
  std::uint64_t count = 0;
  for (const auto& [day, kinds] : days_) {
    for (const auto& [kind, records] : kinds) count += records.size();
  }
  return count;
}

}  // namespace tilts::city_simulator
