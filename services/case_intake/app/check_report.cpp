#include <algorithm>

#include "case_intake/app/read_report.hpp"
#include "case_intake/app/report_limits.hpp"
#include "wire/bytes.hpp"

namespace tilts::case_intake {
namespace {

class Checker {
 public:
  void RequestId(const std::string& request_id) {
    const auto allowed = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
             c == '-';
    };
    if (request_id.empty()) {
      Complain("request_id", "REQUIRED", "Send a request id of your own; the same one again gives the same answer");
    } else if (request_id.size() > 64 || !std::all_of(request_id.begin(), request_id.end(), allowed)) {
      Complain("request_id", "FORMAT", "Use 1 to 64 of the characters A-Z a-z 0-9 . _ -");
    }
  }

  void Text(std::string field, const std::string& text, std::size_t longest) {
    if (text.size() > longest) Complain(std::move(field), "TOO_LONG", "Shorten the value");
  }

  void Count(std::string field, int count, int most) {
    if (count > most) Complain(std::move(field), "TOO_MANY", "Send at most " + std::to_string(most));
  }

  template <typename People>
  void Persons(const People& people) {
    Count("people", people.size(), kMostPeople);
    for (int i = 0; i < std::min(people.size(), kMostPeople); ++i) {
      const intake::v1::ReportedPerson& person = people.Get(i);
      const std::string field = "people[" + std::to_string(i) + "]";
      Count(field + ".identifiers", person.identifiers_size(), kMostIdentifiers);
      Text(field + ".given_name", person.given_name(), kLongestName);
      Text(field + ".family_name", person.family_name(), kLongestName);
      Text(field + ".contact", person.contact(), kLongestContact);
      Text(field + ".birth_date", person.birth_date(), kLongestCode);
      Text(field + ".school_id", person.school_id(), kLongestCode);
      Text(field + ".residence_municipality", person.residence_municipality(), kLongestCode);
    }
  }

  core::Status Finish(const google::protobuf::Message& request) && {
    TILTS_CHECK(wire::CheckUtf8(request));
    if (error_.violations.empty()) return {};
    return core::Fail(std::move(error_));
  }

 private:
  void Complain(std::string field, std::string code, std::string message) {
    error_.violations.push_back({std::move(field), std::move(code), std::move(message)});
  }

  core::Error error_{core::Errc::kInvalid,
                     "The request cannot be read as a report; correct the fields named",
                     "REQUEST_INVALID",
                     {},
                     0};
};

}  // namespace

core::Status CheckRequestId(const std::string& request_id) {
  Checker checker;
  checker.RequestId(request_id);
  return std::move(checker).Finish(intake::v1::Warning());
}

core::Status CheckReport(const intake::v1::ReportConcernRequest& request) {
  Checker checker;
  checker.RequestId(request.request_id());
  checker.Persons(request.people());
  checker.Count("concerns", request.concerns_size(), kMostCodes);
  checker.Count("aggravating", request.aggravating_size(), kMostCodes);
  checker.Text("description", request.description(), kLongestTextBytes);
  checker.Text("source_event_id", request.source_event_id(), kLongestCode);
  checker.Text("place_institution_id", request.place_institution_id(), kLongestCode);
  checker.Text("place_municipality", request.place_municipality(), kLongestCode);
  return std::move(checker).Finish(request);
}

core::Status CheckCompletion(const intake::v1::CompleteReportRequest& request) {
  Checker checker;
  checker.RequestId(request.request_id());
  checker.Persons(request.people());
  checker.Count("aggravating", request.aggravating_size(), kMostCodes);
  checker.Text("description", request.description(), kLongestTextBytes);
  checker.Text("place_municipality", request.place_municipality(), kLongestCode);
  return std::move(checker).Finish(request);
}

}  // namespace tilts::case_intake
