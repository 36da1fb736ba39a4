#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <tilts/facts/v1/events.pb.h>

#include "core/city_time.hpp"
#include "events/draft.hpp"
#include "events/envelope_codec.hpp"
#include "risk_scoring/app/attendance_reading.hpp"
#include "risk_scoring/app/cards.hpp"
#include "risk_scoring/app/contract.hpp"
#include "risk_scoring/app/partition.hpp"

namespace tilts::risk_scoring {
namespace {

using facts::v1::AttendanceRecorded;

constexpr Day kMonday = 20'332;

// What the contract's classes make of the same bytes.
core::Result<Fact> SlowlyRead(const std::string& value, std::string& pupil_id) {
  TILTS_ASSIGN(const auto envelope, events::Decode(value));
  AttendanceRecorded event;
  TILTS_CHECK(events::DecodeEventInto(envelope, event));
  pupil_id = event.pupil_id();
  return FactOf(event);
}

events::Meta MetaOf(const std::string& pupil_id) {
  events::Meta meta;
  meta.id = "event";
  meta.source = "/case-intake";
  meta.subject = pupil_id;
  meta.occurred_at = meta.recorded_at = core::ParseRfc3339("2025-09-01T16:00:00Z").value();
  meta.purpose = codes::v1::PURPOSE_PMP;
  return meta;
}

// Numbers at and beyond every edge.
std::uint32_t AnyNumber() {
  return *rc::gen::elementOf(
      std::vector<std::uint32_t>{0, 1, 2, 5, 6, 15, 16, 127, 128, 255, 256, 65'535, 65'536, 4'294'967'295U});
}

AttendanceRecorded AnyAttendance(const std::string& pupil_id) {
  AttendanceRecorded event;
  event.set_pupil_id(pupil_id);
  event.set_day(*rc::gen::elementOf(
      std::vector<std::int32_t>{kMonday, kMonday + 1, kMonday + 7, 0, -1, 65'535, 65'536, 2'147'483'647}));
  event.set_lessons_offered(*rc::gen::elementOf(std::vector<std::uint32_t>{6, 7, 8, AnyNumber()}));
  for (auto set : {&AttendanceRecorded::set_late, &AttendanceRecorded::set_absent_unknown,
                   &AttendanceRecorded::set_absent_excused, &AttendanceRecorded::set_absent_unexcused}) {
    (event.*set)(*rc::gen::elementOf(std::vector<std::uint32_t>{0, 0, 1, 2, AnyNumber()}));
  }
  auto& stamp = *event.mutable_stamp();
  stamp.set_record_id(std::string(*rc::gen::elementOf(std::vector<std::size_t>{16, 16, 16, 0, 15, 17}), '\xA5'));
  stamp.set_revision(*rc::gen::elementOf(std::vector<std::uint32_t>{1, 2, AnyNumber()}));
  stamp.set_withdrawn(*rc::gen::arbitrary<bool>());
  stamp.set_institution_id(*rc::gen::elementOf(std::vector<std::string>{"school-a", "school-b", "", "sk\xC5\xAFla"}));
  return event;
}

void Agrees(const std::string& value) {
  const auto quick = ReadAttendance(value);
  if (!quick) return;
  std::string pupil_id;
  const auto slow = SlowlyRead(value, pupil_id);
  RC_ASSERT(slow.has_value());
  RC_ASSERT(quick->fact == *slow);
  RC_ASSERT(quick->pupil_id == pupil_id);
}

RC_GTEST_PROP(AttendanceProperty, ReadInPlaceSaysWhatTheContractsClassesSay, ()) {
  const AttendanceRecorded event = AnyAttendance("pupil-1");
  const std::string value = events::MakeDraft(event, MetaOf("pupil-1")).value().value;
  Agrees(value);
  std::string pupil_id;
  // A withdrawn fact may hold any numbers: the larger ones are left to the contract's classes.
  if (event.stamp().withdrawn()) return;
  const bool plain = event.stamp().institution_id().find('\xC5') == std::string::npos;
  RC_ASSERT(ReadAttendance(value).has_value() == (plain && SlowlyRead(value, pupil_id).has_value()));
  std::string broken = value;
  const auto at = *rc::gen::inRange<std::size_t>(0, value.size());
  broken[at] = *rc::gen::arbitrary<char>();
  Agrees(broken);
  Agrees(value.substr(0, at));
}

class Log {
 public:
  template <typename Event>
  void Add(const Event& event, const std::string& key) {
    records_.push_back(
        {{"tilts.learning.v1", 0}, next_++, key, events::MakeDraft(event, MetaOf(key)).value().value, {}});
  }
  const std::vector<events::Record>& records() const { return records_; }
  // The same facts said in a way that only the contract's classes read: an unknown field follows.
  std::vector<events::Record> ForTheSlowWay() const {
    std::vector<events::Record> records = records_;
    for (events::Record& record : records) record.value += std::string("\xF8\x07\x01", 3);
    return records;
  }

 private:
  std::vector<events::Record> records_;
  std::int64_t next_ = 40;
};

Log AnyLog() {
  Log log;
  for (int n = 0; n < 12; ++n) {
    const auto facts = *rc::gen::inRange(0, 8);
    for (int i = 0; i < facts; ++i) {
      const std::string pupil = *rc::gen::elementOf(std::vector<std::string>{"pupil-1", "pupil-2", "pupil-3"});
      AttendanceRecorded event = AnyAttendance(pupil);
      event.set_day(kMonday + *rc::gen::inRange(0, 14));
      log.Add(event, *rc::gen::elementOf(std::vector<std::string>{pupil, pupil, pupil, "pupil-1"}));
    }
    facts::v1::SchoolDayClosed closed;
    closed.set_control("school-day");
    closed.set_day(kMonday + n);
    closed.set_school_year("2025/26");
    closed.set_semester(1);
    closed.set_semester_from_day(kMonday);
    closed.set_school_year_from_day(kMonday);
    log.Add(closed, "school-day");
  }
  return log;
}

struct Taken {
  std::vector<std::string> states;  // by pupil, of those told as changed
  std::vector<std::string> said;
  std::vector<bool> readable;

  bool operator==(const Taken&) const = default;
};

// In batches of `size`; a batch writes the pupils it names, and each of them once.
Taken TakeAll(const std::vector<events::Record>& records, std::size_t size) {
  const CardInForce card =
      CardBook::Read(TILTS_SOURCE_DIR "/services/risk_scoring/data").value().First("cold-start").value();
  Partition partition(card);
  std::map<std::string, std::string> written;
  Taken taken;
  for (std::size_t from = 0; from < records.size(); from += size) {
    Effects effects;
    for (std::size_t i = from; i < std::min(records.size(), from + size); ++i) {
      taken.readable.push_back(partition.Take(records[i], effects).has_value());
    }
    for (const events::Draft& draft : effects.drafts) taken.said.push_back(draft.event_id);
    const std::set<std::string> once(effects.pupils.begin(), effects.pupils.end());
    RC_ASSERT(once.size() == effects.pupils.size());
    for (const std::string& pupil : once) written[pupil] = PackPupil(partition.pupils().at(pupil));
  }
  for (const auto& [pupil, bytes] : written) taken.states.push_back(pupil + bytes);
  // What was written is what there is.
  RC_ASSERT(written.size() == partition.pupils().size());
  for (const auto& [pupil, at] : partition.pupils()) RC_ASSERT(written.at(pupil) == PackPupil(at));
  return taken;
}

RC_GTEST_PROP(AttendanceProperty, BatchesOfAnySizeAndBothWaysOfReadingGiveTheSameBytes, ()) {
  const Log log = AnyLog();
  const Taken one_by_one = TakeAll(log.records(), 1);
  RC_ASSERT(TakeAll(log.records(), *rc::gen::inRange<std::size_t>(2, 200)) == one_by_one);
  RC_ASSERT(TakeAll(log.ForTheSlowWay(), 7) == one_by_one);
}

}  // namespace
}  // namespace tilts::risk_scoring
