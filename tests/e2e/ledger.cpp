#include <absl/strings/str_cat.h>

#include <map>
#include <set>

#include "load.hpp"

namespace tilts::e2e {
namespace {

std::uint64_t Cursor(const Json& item) {
  const Json& value = item.at("cursor");
  return value.is_string() ? std::stoull(value.get<std::string>()) : value.get<std::uint64_t>();
}

// Every page of a list answer's field.
std::vector<Json> WholeList(City& city, const Caller& caller, const std::string& path, const std::string& field,
                            std::vector<std::string>& faults) {
  std::vector<Json> all;
  std::string token;
  do {
    const Answer page = city.Get(absl::StrCat(path, path.find('?') == std::string::npos ? "?" : "&", "page_size=200",
                                              token.empty() ? "" : "&page_token=", token),
                                 caller);
    if (!page.ok()) {
      faults.push_back(absl::StrCat(path, " answered ", page.status));
      return all;
    }
    for (const Json& item : page.body.value(field, Json::array())) all.push_back(item);
    token = page.body.value("next_page_token", "");
  } while (!token.empty());
  return all;
}

void CheckReports(City& city, const Load& load, const Caller& school, std::vector<std::string>& faults) {
  std::set<std::string> ids;
  for (const auto& [request, report] : load.acknowledged()) {
    if (!ids.insert(report).second) faults.push_back("two requests share one report");
    if (!city.Get("/v1/reports/" + report, school).ok()) faults.push_back("lost: an acknowledged report");
  }
}

void CheckReferrals(City& city, const Load& load, const Caller& school, const Caller& police,
                    std::vector<std::string>& faults) {
  std::map<std::string, std::set<std::string>> tasks_of_case;
  for (const Json& referral : WholeList(city, school, "/v1/referrals?as_requester=true", "referrals", faults)) {
    const Json& facts = referral.at("facts");
    const std::string task =
        absl::StrCat(facts.at("recipient_id").get<std::string>(), "/", facts.at("purpose_code").get<std::string>());
    if (!tasks_of_case[facts.at("case_id")].insert(task).second)
      faults.push_back("doubled: a referral for one purpose");
  }
  if (tasks_of_case.size() != load.acknowledged().size())
    faults.push_back(absl::StrCat(load.acknowledged().size(), " reports of different children, ", tasks_of_case.size(),
                                  " cases with referrals"));
  // The police answer every school's referrals, so their own list says what became of an acceptance.
  std::map<std::string, std::string> state_of;
  for (const Json& referral : WholeList(city, police, "/v1/referrals", "referrals", faults))
    state_of[referral.at("facts").at("referral_id")] = referral.at("facts").at("state");
  for (const std::string& referral : load.accepted())
    if (state_of[referral] != "REFERRAL_STATE_ACCEPTED") faults.push_back("lost: an acknowledged acceptance");
}

// The feed says what the institution must hear; its receiver says what it heard.
void CheckDeliveries(City& city, const Caller& police, const Receiver& receiver, std::vector<std::string>& faults) {
  std::map<std::string, std::set<std::string>> hooks_of_event;
  for (const Hook& hook : receiver.hooks()) {
    if (hook.body.is_discarded()) continue;
    hooks_of_event[hook.body.value("/data/event_id"_json_pointer, "")].insert(hook.webhook_id);
  }
  std::size_t expected = 0;
  for (const Json& item : WholeFeed(city, police, faults)) {
    // Not pushed: the institution's own moves, and what the ladder told the other party only.
    if (!item.value("pushed", false)) {
      const std::string type = item.at("notice").at("type");
      const bool of_ladder = type == "tilts.referral.reminder" || type == "tilts.referral.escalated";
      if (!item.value("own_move", false) && !of_ladder) faults.push_back("silent: " + type);
      continue;
    }
    ++expected;
    const auto found = hooks_of_event.find(item.at("notice").at("event_id").get<std::string>());
    if (found == hooks_of_event.end())
      faults.push_back("lost: a delivery");
    else if (found->second.size() != 1)
      faults.push_back("doubled: a delivery with another webhook id");
  }
  if (hooks_of_event.size() != expected)
    faults.push_back(absl::StrCat(hooks_of_event.size(), " events delivered, ", expected, " in the feed"));
}

}  // namespace

std::vector<Json> WholeFeed(City& city, const Caller& reader, std::vector<std::string>& faults) {
  std::vector<Json> all;
  std::uint64_t cursor = 0;
  while (true) {
    const Answer page = city.Get(absl::StrCat("/v1/feed?limit=500&cursor=", cursor), reader);
    if (!page.ok()) {
      faults.push_back(absl::StrCat("feed answered ", page.status));
      return all;
    }
    const Json items = page.body.value("items", Json::array());
    if (items.empty()) return all;
    for (const Json& item : items) {
      if (Cursor(item) != cursor + 1) faults.push_back("gap in a feed");
      cursor = Cursor(item);
      all.push_back(item);
    }
  }
}

std::vector<std::string> CheckLedger(City& city, const Load& load, const Caller& school, const Caller& police,
                                     const Receiver& police_receiver) {
  std::vector<std::string> faults = load.faults();
  CheckReports(city, load, school, faults);
  CheckReferrals(city, load, school, police, faults);
  CheckDeliveries(city, police, police_receiver, faults);
  return faults;
}

}  // namespace tilts::e2e
