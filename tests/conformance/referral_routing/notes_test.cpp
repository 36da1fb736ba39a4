#include "routing_fixture.hpp"

namespace tilts::referral_routing {
namespace {

constexpr char kText[] = "MARKED FREE TEXT";

class NotesTest : public RoutingTest {
 protected:
  // Rejected with a text, which its requester may read.
  Referral RejectWithText() {
    EXPECT_TRUE(Open("c-1", FamilyViolence()));
    MoveRequest request;
    request.move = Move::kReject;
    request.reject_reason = RejectReason::kOther;
    const Referral court = Find("c-1", "CUSTODY_CHECK");
    EXPECT_TRUE(Do("court", court.id.value(), request, kText));
    return court;
  }
  std::string ReasonOf(const Referral& referral) { return api_->Get(As("school"), referral.id.value())->reason(); }
  std::int64_t Held() { return database_->Query("SELECT count(*) FROM note WHERE person_id IS NULL")->front().Int(0); }
};

TEST_F(NotesTest, TheTextIsSealedAndNamedByItsIdOnly) {
  const Referral court = RejectWithText();
  EXPECT_EQ(ReasonOf(court), kText);
  EXPECT_EQ(Held(), 0);
  for (const auto& envelope : Outbox()) EXPECT_EQ(envelope.data().find(kText), std::string::npos) << envelope.type();
  const postgres::Rows rows = database_->Query("SELECT sealed, note_id FROM note").value();
  const postgres::Row row = rows.front();
  EXPECT_EQ(row.BytesOf(0).find(kText), std::string::npos);
  bool named = false;
  for (const auto& event : Emitted<referrals::v1::ReferralMoved>())
    named = named || event.reason_note_id() == row.Text(1);
  EXPECT_TRUE(named);
}

TEST_F(NotesTest, AfterAnErasureTheTextIsGone) {
  const Referral court = RejectWithText();
  vault_.erased.insert(core::PersonId("child-1"));
  EXPECT_EQ(ReasonOf(court), "");
}

TEST_F(NotesTest, WithoutTheVaultTheHoldingKeyKeepsItUntilTheVaultIsBack) {
  vault_.down = true;
  const Referral court = RejectWithText();
  EXPECT_EQ(Held(), 1);
  vault_.down = false;
  const PeerCall call{"test", {}, std::chrono::steady_clock::now() + std::chrono::seconds{5}};
  EXPECT_EQ(notes_->Rewrap(*database_, 10, call).value(), 1U);
  EXPECT_EQ(Held(), 0);
  EXPECT_EQ(ReasonOf(court), kText);
  vault_.erased.insert(core::PersonId("child-1"));
  EXPECT_EQ(ReasonOf(court), "");
}

TEST_F(NotesTest, AnIllegalMoveLeavesNoText) {
  ASSERT_TRUE(Open("c-1", FamilyViolence()));
  MoveRequest request;
  request.move = Move::kFail;
  EXPECT_FALSE(Do("court", Find("c-1", "CUSTODY_CHECK").id.value(), request, kText));
  EXPECT_EQ(database_->Query("SELECT count(*) FROM note")->front().Int(0), 0);
}

}  // namespace
}  // namespace tilts::referral_routing
