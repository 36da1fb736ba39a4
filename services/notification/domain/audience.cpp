#include "notification/domain/audience.hpp"

#include <algorithm>

namespace tilts::notification::domain {
namespace {

class Audiences {
 public:
  explicit Audiences(const Happening& happening) : happening_(happening) {}

  void Add(const std::string& institution, bool push) {
    if (institution.empty()) return;
    const auto known = std::find_if(found_.begin(), found_.end(),
                                    [&](const Addressee& each) { return each.institution == institution; });
    if (known != found_.end()) {
      known->push = known->push || push;
      return;
    }
    found_.push_back({institution, happening_.actor == institution, push, happening_.requester == institution,
                      happening_.channel_order});
  }

  std::vector<Addressee> Take() {
    for (Addressee& each : found_) each.push = each.push && !each.own_move;
    return std::move(found_);
  }

 private:
  const Happening& happening_;
  std::vector<Addressee> found_;
};

}  // namespace

std::vector<Addressee> Audience(const Happening& happening) {
  Audiences audience(happening);
  switch (happening.kind) {
    case Happening::Kind::kMoved:
    case Happening::Kind::kDeadlinesMoved:
      audience.Add(happening.recipient, true);
      audience.Add(happening.requester, true);
      break;
    case Happening::Kind::kEscalated:
      audience.Add(happening.recipient, false);
      audience.Add(happening.requester, false);
      for (const std::string& institution : happening.told) audience.Add(institution, true);
      break;
    case Happening::Kind::kHandedOver:
      audience.Add(happening.recipient, false);
      audience.Add(happening.requester, true);
      for (const std::string& institution : happening.told) audience.Add(institution, true);
      break;
    case Happening::Kind::kExhausted: audience.Add(happening.requester, true); break;
    case Happening::Kind::kReportOutcome:
      for (const std::string& institution : happening.told) audience.Add(institution, true);
      break;
  }
  return audience.Take();
}

}  // namespace tilts::notification::domain
