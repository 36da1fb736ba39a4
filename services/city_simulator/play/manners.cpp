#include "city_simulator/play/manners.hpp"

#include "city_simulator/city/dice.hpp"

namespace tilts::city_simulator {
namespace {

using namespace tilts::codes::v1;  // NOLINT: moves in the contracts' words
using std::chrono::days;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;

enum class Manner { kPrompt, kAcceptAtOnce, kReject, kLate, kSilent, kHold, kFail, kTooLate };

class Recipient {
 public:
  Recipient(const Bearing& bearing, const ReferralModel& referral, Instant heard)
      : bearing_(bearing), referral_(referral), dice_(bearing.seed, referral.key), at_(heard) {}

  std::vector<PlannedMove> Run() && {
    const Manner manner = Staged().value_or(Thrown());
    if (referral_.is_notice()) {
      if (manner != Manner::kSilent) Then(manner == Manner::kLate ? 4 * 24 : 1, REFERRAL_MOVE_ACKNOWLEDGE);
      return std::move(moves_);
    }
    switch (manner) {
      case Manner::kSilent: break;
      case Manner::kTooLate:
        // Long after the last rung; who waited has gone on.
        Then(12 * 24, REFERRAL_MOVE_ACCEPT);
        break;
      case Manner::kReject: Refuse(); break;
      case Manner::kLate:
        WakeLate();
        WorkOn();
        break;
      case Manner::kAcceptAtOnce:
        Then(1, REFERRAL_MOVE_ACCEPT);
        Finish();
        break;
      case Manner::kPrompt:
        Acknowledge();
        WorkOn();
        break;
      case Manner::kHold:
        Acknowledge();
        Then(3, REFERRAL_MOVE_ACCEPT);
        HoldAndResume();
        Finish();
        break;
      case Manner::kFail:
        Acknowledge();
        Then(5, REFERRAL_MOVE_ACCEPT);
        Then(48, REFERRAL_MOVE_FAIL);
        break;
    }
    return std::move(moves_);
  }

 private:
  bool imminent() const { return referral_.ask.urgency == URGENCY_IMMINENT; }

  // Scenes that every city plays once, so that no seed leaves a part of the law untouched.
  std::optional<Manner> Staged() const {
    if (!bearing_.is_staged || !referral_.key.ends_with(".1")) return std::nullopt;
    const std::string& purpose = referral_.ask.purpose;
    if (purpose == "SAFE_SHELTER" || purpose == "VICTIM_SUPPORT") return Manner::kReject;
    if (purpose == "PSYCHOLOGICAL_HELP") return Manner::kTooLate;
    if (purpose == "YOUTH_PROGRAMME" && bearing_.situation == "absence") return Manner::kSilent;
    if (purpose == "POLICE_EMERGENCY")
      return bearing_.situation == "threat-at-home-at-night" ? Manner::kLate : Manner::kPrompt;
    if (purpose == "CUSTODY_CHECK" && bearing_.situation == "family-friday-evening") return Manner::kSilent;
    if (purpose == "HEALTH_PREVENTION") return Manner::kHold;
    return std::nullopt;
  }

  Manner Thrown() {
    const auto thrown = dice_.Below(100);
    if (thrown < 52) return Manner::kPrompt;
    if (thrown < 64) return Manner::kAcceptAtOnce;
    if (thrown < 73) return Manner::kReject;
    if (thrown < 83) return Manner::kLate;
    if (thrown < 89) return Manner::kSilent;
    if (thrown < 95) return Manner::kHold;
    return Manner::kFail;
  }

  // The next thing, about so many hours later and within the hours this recipient works.
  void Then(unsigned about_hours, ReferralMove move, RejectReason reason = REJECT_REASON_UNSPECIFIED,
            ReferralOutcome outcome = REFERRAL_OUTCOME_UNSPECIFIED) {
    at_ += hours{about_hours} + minutes{3 + dice_.Below(50)} + std::chrono::seconds{dice_.Below(60)};
    Add(move, reason, outcome);
  }

  void Add(ReferralMove move, RejectReason reason, ReferralOutcome outcome) {
    if (bearing_.sleeps && !IsOffice(at_, bearing_.follows)) {
      at_ = NextOpening(at_, bearing_.follows) + minutes{5 + dice_.Below(90)};
    }
    // Never on a full second, where deadlines lie.
    at_ = std::chrono::floor<std::chrono::seconds>(at_) + microseconds{200'000 + dice_.Below(700'000)};
    moves_.push_back({at_, move, reason, outcome, std::nullopt});
  }

  void Acknowledge() {
    if (imminent()) {
      at_ += minutes{1 + dice_.Below(9)};
      return Add(REFERRAL_MOVE_ACKNOWLEDGE, REJECT_REASON_UNSPECIFIED, REFERRAL_OUTCOME_UNSPECIFIED);
    }
    Then(0, REFERRAL_MOVE_ACKNOWLEDGE);
  }

  void WakeLate() {
    if (imminent()) {
      // After the second channel and after the duty officer was told.
      at_ += minutes{19 + dice_.Below(5)};
      return Add(REFERRAL_MOVE_ACKNOWLEDGE, REJECT_REASON_UNSPECIFIED, REFERRAL_OUTCOME_UNSPECIFIED);
    }
    Then(static_cast<unsigned>(48 + 24 * dice_.Below(3)), REFERRAL_MOVE_ACKNOWLEDGE);
  }

  void WorkOn() {
    if (imminent()) {
      at_ += minutes{2 + dice_.Below(15)};
      Add(REFERRAL_MOVE_ACCEPT, REJECT_REASON_UNSPECIFIED, REFERRAL_OUTCOME_UNSPECIFIED);
    } else {
      Then(static_cast<unsigned>(1 + dice_.Below(30)), REFERRAL_MOVE_ACCEPT);
    }
    if (dice_.Chance(70)) Then(2, REFERRAL_MOVE_START);
    Finish();
  }

  void Finish() {
    const auto days_of_work = static_cast<unsigned>(imminent() ? 1 + dice_.Below(2) : 1 + dice_.Below(7));
    static constexpr ReferralOutcome kOutcomes[] = {REFERRAL_OUTCOME_HELPED,
                                                    REFERRAL_OUTCOME_HELPED,
                                                    REFERRAL_OUTCOME_NOT_HELPED,
                                                    REFERRAL_OUTCOME_NOT_REACHABLE,
                                                    REFERRAL_OUTCOME_REFUSED_BY_FAMILY,
                                                    REFERRAL_OUTCOME_HANDED_ON};
    Then(24 * days_of_work, REFERRAL_MOVE_COMPLETE, REJECT_REASON_UNSPECIFIED,
         kOutcomes[dice_.Below(std::size(kOutcomes))]);
  }

  void Refuse() {
    if (referral_.is_replaceable()) {
      return Then(3, REFERRAL_MOVE_REJECT, dice_.Chance(60) ? REJECT_REASON_AT_CAPACITY : REJECT_REASON_NOT_COMPETENT);
    }
    // It says it has no room, is told that the law allows no such answer, and does its duty.
    Then(2, REFERRAL_MOVE_REJECT, REJECT_REASON_AT_CAPACITY);
    Then(1, REFERRAL_MOVE_ACCEPT);
    Finish();
  }

  void HoldAndResume() {
    Then(3, REFERRAL_MOVE_HOLD);
    const Instant until = at_ + days{4};
    moves_.back().resume_at = std::chrono::floor<std::chrono::seconds>(until);
    at_ = until - days{1};
    Then(2, REFERRAL_MOVE_RESUME);
  }

  const Bearing& bearing_;
  const ReferralModel& referral_;
  Dice dice_;
  Instant at_;
  std::vector<PlannedMove> moves_;
};

}  // namespace

std::vector<PlannedMove> MovesOf(const Bearing& bearing, const ReferralModel& referral, Instant heard) {
  return Recipient(bearing, referral, heard).Run();
}

}  // namespace tilts::city_simulator
