#include "city_simulator/play/inbox.hpp"

#include <google/protobuf/util/json_util.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "city_simulator/receivers/signature.hpp"

namespace tilts::city_simulator {
namespace {

// "/hooks/<institution>/<order>"
std::pair<std::string, unsigned> DoorOf(const std::string& path) {
  constexpr std::string_view kPrefix = "/hooks/";
  const std::size_t slash = path.rfind('/');
  if (slash <= kPrefix.size() || slash + 2 != path.size()) return {};
  return {path.substr(kPrefix.size(), slash - kPrefix.size()), static_cast<unsigned>(path[slash + 1] - '0')};
}

std::int64_t MachineSeconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

bool ReadNotice(const std::string& body, notification::v1::Notice& notice) {
  const auto parsed = nlohmann::json::parse(body, nullptr, false);
  if (!parsed.is_object() || !parsed.contains("data")) return false;
  google::protobuf::util::JsonParseOptions lenient;
  lenient.ignore_unknown_fields = true;
  if (!google::protobuf::util::JsonStringToMessage(parsed["data"].dump(), &notice, lenient).ok()) return false;
  notice.set_type(parsed.value("type", ""));
  return true;
}

}  // namespace

void Inbox::Open(const Parties& parties) {
  const std::lock_guard lock(mutex_);
  for (const auto& [institution, doors] : parties.secrets) {
    for (const auto& [order, secret] : doors) secrets_[{institution, order}] = secret;
  }
}

void Inbox::SetTime(Instant at) {
  const std::lock_guard lock(mutex_);
  now_ = at;
}

void Inbox::CloseDoor(const std::string& institution, unsigned order, Instant from, Instant until, Reply reply) {
  const std::lock_guard lock(mutex_);
  troubles_.emplace(Door{institution, order}, Trouble{from, until, std::move(reply)});
}

const Inbox::Trouble* Inbox::TroubleAt(const Door& door, Instant at) const {
  const auto [first, last] = troubles_.equal_range(door);
  for (auto each = first; each != last; ++each) {
    if (each->second.from <= at && at < each->second.until) return &each->second;
  }
  return nullptr;
}

bool Inbox::IsClosed(const std::string& institution, unsigned order, Instant at) const {
  const std::lock_guard lock(mutex_);
  return TroubleAt({institution, order}, at) != nullptr;
}

Reply Inbox::Receive(const Arrival& arrival) {
  scanner_.Look("webhook", arrival.path, arrival.head);
  scanner_.Look("webhook", arrival.path, arrival.body);
  const Door door = DoorOf(arrival.path);
  const std::lock_guard lock(mutex_);
  ++attempts_;
  const auto secret = secrets_.find(door);
  if (secret == secrets_.end()) return Reply{.status = 404};
  const Verdict verdict =
      Verify(secret->second, arrival.id, arrival.timestamp, arrival.signatures, arrival.body, MachineSeconds());
  if (verdict != Verdict::kGood || arrival.method != "POST") {
    ledger_.Complain("a webhook to " + arrival.path + " was not rightly signed");
    return Reply{.status = 401};
  }
  if (const Trouble* trouble = TroubleAt(door, now_)) return trouble->reply;
  return Keep(arrival, door);
}

Reply Inbox::Keep(const Arrival& arrival, const Door& door) {
  // The same delivery again is no second one; its body must not have changed.
  const auto [delivered, is_new] = delivered_.emplace(arrival.id, arrival.body);
  if (!is_new) {
    if (delivered->second != arrival.body) ledger_.Complain("webhook " + arrival.id + " came again with another body");
    return Reply{};
  }
  Letter letter{door.first, door.second, arrival.id, {}, now_};
  if (!ReadNotice(arrival.body, letter.notice)) {
    ledger_.Complain("webhook " + arrival.id + " cannot be read");
    return Reply{.status = 400};
  }
  const std::string event = door.first + "/" + std::to_string(door.second) + " " + letter.notice.event_id();
  if (!events_.emplace(event, arrival.id).second) ledger_.SeeAgain(Kind::kDelivery, event + " as " + arrival.id);
  fresh_.push_back(std::move(letter));
  return Reply{};
}

std::vector<Letter> Inbox::TakeNew() {
  const std::lock_guard lock(mutex_);
  return std::exchange(fresh_, {});
}

std::uint64_t Inbox::attempts() const {
  const std::lock_guard lock(mutex_);
  return attempts_;
}

}  // namespace tilts::city_simulator
