#include "load.hpp"

#include <absl/strings/str_cat.h>

#include <algorithm>

namespace tilts::e2e {
namespace {

// What a caller repeats: no answer, busy, in flight, or down.
bool TryAgain(int status) {
  return status == 0 || status == 409 || status == 429 || status >= 500;
}

std::uint64_t Number(const Json& object, const char* name) {
  const Json value = object.value(name, Json(0));
  return value.is_string() ? std::stoull(value.get<std::string>()) : value.get<std::uint64_t>();
}

}  // namespace

Json DangerReport(City& city, const std::string& request_id, const std::string& school, const std::string& child_code) {
  return {{"request_id", request_id},
          {"stream", "STREAM_VIOLENCE"},
          {"concerns", {"CONCERN_CODE_PHYSICAL"}},
          {"relation", "RELATION_PEER"},
          {"place", "PLACE_SCHOOL"},
          {"place_institution_id", school},
          {"aggravating", {"AGGRAVATING_FACT_WEAPON"}},
          {"occurred_at", core::FormatRfc3339(city.Now())},
          {"description", "A synthetic report of the end-to-end tests."},
          {"people",
           {{{"role", "PERSON_ROLE_VICTIM"},
             {"identifiers", {{{"system", "IDENTIFIER_SYSTEM_NATIONAL_CODE"}, {"value", child_code}}}},
             {"given_name", "Synthetic"},
             {"family_name", child_code},
             {"age_years", 13},
             {"school_id", school},
             {"residence_municipality", "LV-RIX"}}}}};
}

std::string InstitutionOf(City& city, const std::string& kind) {
  const Answer answer = city.Get("/v1/institutions?kind=" + kind, city.Operator());
  if (!answer.ok() || answer.body.at("institutions").empty()) return {};
  return answer.body.at("institutions").at(0).at("institution_id");
}

Load::Load(City& city, Caller school, Caller police, std::chrono::milliseconds pause)
    : city_(city), school_(std::move(school)), police_(std::move(police)), pause_(pause) {
  // What earlier tests left in the feed is theirs.
  std::vector<std::string> faults;
  cursor_ = WholeFeed(city_, police_, faults).size();
  for (std::string& fault : faults) Fault(std::move(fault));
  Start();
}

void Load::Start() {
  stop_ = false;
  most_ = SIZE_MAX;
  reporter_ = std::thread([this] { ReportLoop(); });
  officer_ = std::thread([this] { PoliceLoop(); });
}

void Load::Stop() {
  stop_ = true;
  if (reporter_.joinable()) reporter_.join();
  if (officer_.joinable()) officer_.join();
}

void Load::AtMost(std::size_t more) {
  most_ = acknowledged().size() + more;
}

bool Load::MoreReports(std::size_t count, std::chrono::seconds limit) {
  const std::size_t wanted = acknowledged().size() + count;
  return Eventually([&] { return acknowledged().size() >= wanted; }, limit);
}

void Load::ReportLoop() {
  while (Eventually([&] { return stop_ || acknowledged().size() < most_; }, std::chrono::hours(1)) && !stop_) {
    const std::string request_id = city_.Fresh("load");
    const Json body = DangerReport(city_, request_id, school_.institution, city_.Fresh("child"));
    const auto begun = std::chrono::steady_clock::now();
    // A report that was begun is repeated until it is acknowledged, also after Stop: the ledger counts on it.
    const bool answered = Eventually(
        [&] {
          const Answer answer = city_.Post("/v1/reports", school_, body);
          if (TryAgain(answer.status)) return false;
          if (!answer.ok()) {
            Fault(absl::StrCat("report answered ", answer.status));
            return true;
          }
          const std::lock_guard lock(mutex_);
          acknowledged_[request_id] = answer.body.at("report_id");
          return true;
        },
        std::chrono::seconds(90));
    if (!answered) Fault("a report was never acknowledged");
    const auto waited = std::chrono::steady_clock::now() - begun;
    longest_wait_ =
        std::max<std::int64_t>(longest_wait_, std::chrono::duration_cast<std::chrono::milliseconds>(waited).count());
    (void)Eventually([&] { return stop_.load(); }, pause_);
  }
}

void Load::PoliceLoop() {
  while (!stop_) {
    const Answer feed = city_.Get(absl::StrCat("/v1/feed?wait_seconds=1&cursor=", cursor_), police_);
    if (!feed.ok()) continue;
    for (const Json& item : feed.body.value("items", Json::array())) {
      // Not only after the page: with routing frozen every acceptance lasts until the gateway's limit.
      if (stop_ || !Deal(item.at("notice"))) break;
      cursor_ = Number(item, "cursor");
    }
  }
}

bool Load::Deal(const Json& notice) {
  if (notice.value("state", "") != "REFERRAL_STATE_REQUESTED" || notice.value("kind", "") != "REFERRAL_KIND_ACT")
    return true;
  const std::string referral = notice.at("referral_id");
  bool answered = false;
  (void)Eventually([&] {
    const Answer answer = city_.Post(absl::StrCat("/v1/referrals/", referral, ":accept"), police_,
                                     {{"request_id", "accept-" + referral}, {"role", "duty-officer"}});
    answered = !TryAgain(answer.status);
    if (!answered) return stop_.load();
    const std::lock_guard lock(mutex_);
    if (answer.ok()) accepted_.insert(referral);
    return true;
  });
  return answered;
}

void Load::Fault(std::string text) {
  const std::lock_guard lock(mutex_);
  faults_.push_back(std::move(text));
}

std::map<std::string, std::string> Load::acknowledged() const {
  const std::lock_guard lock(mutex_);
  return acknowledged_;
}

std::set<std::string> Load::accepted() const {
  const std::lock_guard lock(mutex_);
  return accepted_;
}

std::vector<std::string> Load::faults() const {
  const std::lock_guard lock(mutex_);
  return faults_;
}

}  // namespace tilts::e2e
