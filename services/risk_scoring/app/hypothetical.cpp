#include <algorithm>
#include <limits>

#include "calendar/riga_time.hpp"
#include "core/concat.hpp"
#include "core/sha256.hpp"
#include "risk_scoring/app/contract.hpp"
#include "wire/codes.hpp"

namespace tilts::risk_scoring {
namespace {

using wire::Code;

constexpr int kMostFacts = 200;
constexpr std::uint32_t kLargestRevision = std::numeric_limits<std::uint16_t>::max();

// A date of the request; wrong ones are collected.
class Reader {
 public:
  Reader(std::string path, std::vector<core::Violation>& violations)
      : path_(std::move(path)), violations_(violations) {}

  Day Date(const std::string& text, const char* field) {
    const auto date = calendar::ParseDate(text);
    if (date) return static_cast<Day>(date->time_since_epoch().count());
    Complain(field, "DATE", "a date like 2025-10-27");
    return 0;
  }
  std::uint8_t Small(std::uint32_t number) const { return static_cast<std::uint8_t>(std::min(number, 255U)); }
  void Complain(const std::string& field, const char* code, const char* message) {
    violations_.push_back({path_ + field, code, message});
  }

 private:
  const std::string path_;
  std::vector<core::Violation>& violations_;
};

// Stands for the number of an incident: the door's own record ids cannot be made here.
RecordId IdOf(const std::string& number) {
  const core::Sha256Digest digest = core::Sha256("what-if/" + number);
  RecordId id{};
  std::copy_n(digest.begin(), id.size(), id.begin());
  return id;
}

bool ReadContent(const intake::v1::Fact& from, Reader& reader, Fact& fact) {
  switch (from.kind_case()) {
    case intake::v1::Fact::kEnrolment: {
      const auto& in = from.enrolment();
      const Day to = in.to().empty() ? 0 : reader.Date(in.to(), "enrolment.to");
      fact.content = Enrolment{reader.Date(in.from(), "enrolment.from"), to, Code<std::uint8_t>(in.end_reason()),
                               Code<std::uint8_t>(in.stage()), reader.Small(in.grade())};
      return true;
    }
    case intake::v1::Fact::kAttendance: {
      const auto& in = from.attendance();
      fact.content = Attendance{reader.Date(in.day(), "attendance.day"),
                                reader.Small(in.lessons_offered()),
                                reader.Small(in.late()),
                                reader.Small(in.absent_unknown()),
                                reader.Small(in.absent_excused()),
                                reader.Small(in.absent_unexcused())};
      return true;
    }
    case intake::v1::Fact::kResult: {
      const auto& in = from.result();
      fact.content = SubjectResult{reader.Date(in.day(), "result.day"), reader.Small(in.period()), in.subject_code(),
                                   reader.Small(in.mark())};
      return true;
    }
    case intake::v1::Fact::kRepetition:
      fact.content =
          Repetition{reader.Date(from.repetition().day(), "repetition.day"), reader.Small(from.repetition().grade())};
      return true;
    case intake::v1::Fact::kBehaviour:
      fact.record_id = IdOf(from.behaviour().incident_number());
      fact.content =
          Behaviour{reader.Date(from.behaviour().day(), "behaviour.day"), Code<BehaviourKind>(from.behaviour().kind())};
      return true;
    case intake::v1::Fact::kConsultation:
    case intake::v1::Fact::kSupportMeasure:
    case intake::v1::Fact::KIND_NOT_SET: break;
  }
  reader.Complain("kind", "NOT_SCORED", "a fact that the score looks at");
  return false;
}

}  // namespace

core::Result<std::vector<Fact>> HypotheticalFacts(const google::protobuf::RepeatedPtrField<intake::v1::Fact>& facts,
                                                  const std::string& institution_id) {
  core::Error error{core::Errc::kInvalid, "correct the facts that are named", "FACTS", {}, 0};
  if (facts.empty() || facts.size() > kMostFacts) {
    error.violations.push_back({"facts", "COUNT", "1 to 200 facts"});
    return core::Fail(std::move(error));
  }
  std::vector<Fact> read;
  for (int i = 0; i < facts.size(); ++i) {
    const std::string path = core::Concat("facts[", i, "].");
    Reader reader(path, error.violations);
    Fact fact;
    fact.institution_id = institution_id;
    fact.withdrawn = facts[i].withdrawn();
    if (facts[i].revision() > kLargestRevision) reader.Complain("revision", "OUT_OF_RANGE", "at most 65535");
    fact.revision = static_cast<std::uint16_t>(facts[i].revision() == 0 ? kLargestRevision : facts[i].revision());
    const std::size_t before = error.violations.size();
    if (!ReadContent(facts[i], reader, fact) || error.violations.size() != before) continue;
    if (auto checked = CheckFact(fact); !checked) {
      for (const core::Violation& violation : checked.error().violations) {
        error.violations.push_back({path + KindOf(fact) + "." + violation.field, violation.code, violation.message});
      }
    }
    read.push_back(std::move(fact));
  }
  if (!error.violations.empty()) return core::Fail(std::move(error));
  return read;
}

}  // namespace tilts::risk_scoring
