#include <gmock/gmock.h>

#include <array>
#include <cstdio>
#include <memory>

#include "fake_services.hpp"

namespace tilts::tiltsctl {
namespace {

using referrals::v1::AcceptReferralRequest;
using referrals::v1::AcceptReferralResponse;
using ::testing::HasSubstr;
using ::testing::Not;

class CommandLineTest : public FakeServicesTest {};

std::string Shell(const std::string& script) {
  const std::string file = ::testing::TempDir() + "tiltsctl_test_completion.sh";
  std::ofstream(file) << script;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(("bash " + file).c_str(), "r"), pclose);
  std::string output;
  std::array<char, 256> buffer{};
  while (const std::size_t count = fread(buffer.data(), 1, buffer.size(), pipe.get()))
    output.append(buffer.data(), count);
  return output;
}

TEST_F(CommandLineTest, IsAUsageErrorWhenWordsAreWrong) {
  EXPECT_EQ(Run({}), 2);
  EXPECT_EQ(Run({"referral"}), 2);
  EXPECT_EQ(Run({"nonsense"}), 2);
  EXPECT_EQ(Run({"--help"}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("status"));
}

TEST_F(CommandLineTest, OffersEveryMoveOfTheContract) {
  EXPECT_EQ(Run({"referral", "--help"}), 0);
  for (const char* verb :
       {"acknowledge", "accept", "reject", "start", "hold", "resume", "complete", "fail", "cancel"}) {
    EXPECT_THAT(out_.str(), HasSubstr(verb));
  }
  EXPECT_EQ(Run({"referral", "reject", "--help"}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("--reason"));
}

TEST_F(CommandLineTest, CompletesInBash) {
  ASSERT_EQ(Run({"completion", "bash"}), 0);
  const std::string ask =
      out_.str() +
      "COMP_WORDS=(tiltsctl referral acc); COMP_CWORD=2; _tiltsctl; echo \"[${COMPREPLY[*]}]\"\n"
      "COMP_WORDS=(tiltsctl --json stat); COMP_CWORD=2; _tiltsctl; echo \"[${COMPREPLY[*]}]\"\n"
      "COMP_WORDS=(tiltsctl audit verify --wit); COMP_CWORD=3; _tiltsctl; echo \"[${COMPREPLY[*]}]\"\n";
  EXPECT_EQ(Shell(ask), "[accept]\n[status]\n[--witness]\n");
}

TEST_F(CommandLineTest, SaysUnreachableWhenNobodyListens) {
  config_file_ = ::testing::TempDir() + "tiltsctl_test_nobody.json";
  std::ofstream(config_file_) << R"({"services": {"referral-routing": "127.0.0.1:1", "case-intake": "127.0.0.1:1"}})";
  EXPECT_EQ(Run({"referral", "show", "r1"}), 3);
  EXPECT_THAT(err_.str(), HasSubstr("referral-routing does not answer at 127.0.0.1:1"));
  EXPECT_EQ(Run({"referral", "accept", "r1", "--request-id", "q7"}), 3);
  EXPECT_THAT(err_.str(), HasSubstr("repeat it with --request-id q7"));
  EXPECT_EQ(Run({"status"}), 1);
  EXPECT_THAT(out_.str(), HasSubstr("no answer: UNAVAILABLE"));
  EXPECT_EQ(Run({"audit", "verify", "--public-key", "/nonexistent"}), 2);
}

// A referral service of which only AcceptReferral matters.
class MoveTest : public FakeServicesTest {
 protected:
  void SetUp() override {
    using namespace referrals::v1;
    const std::string service = "tilts.referrals.v1.ReferralService/";
    Answer<AcceptReferralRequest, AcceptReferralResponse>(service + "AcceptReferral", [this](const auto& request) {
      request_ = request;
      return answer_;
    });
    Refuse<GetReferralRequest, GetReferralResponse>(service + "GetReferral");
    Refuse<ListReferralsRequest, ListReferralsResponse>(service + "ListReferrals");
    Refuse<AcknowledgeReferralRequest, AcknowledgeReferralResponse>(service + "AcknowledgeReferral");
    Refuse<RejectReferralRequest, RejectReferralResponse>(service + "RejectReferral");
    Refuse<StartReferralRequest, StartReferralResponse>(service + "StartReferral");
    Refuse<HoldReferralRequest, HoldReferralResponse>(service + "HoldReferral");
    Refuse<ResumeReferralRequest, ResumeReferralResponse>(service + "ResumeReferral");
    Refuse<CompleteReferralRequest, CompleteReferralResponse>(service + "CompleteReferral");
    Refuse<FailReferralRequest, FailReferralResponse>(service + "FailReferral");
    Refuse<CancelReferralRequest, CancelReferralResponse>(service + "CancelReferral");
    Refuse<MarkEnteredInErrorRequest, MarkEnteredInErrorResponse>(service + "MarkEnteredInError");
    Refuse<ExplainRoutingRequest, ExplainRoutingResponse>(service + "ExplainRouting");
    Serve();
  }

  template <typename Request, typename Response>
  void Refuse(const std::string& method) {
    Answer<Request, Response>(method, [](const Request&) -> core::Result<Response> {
      return core::Fail(core::Errc::kNotFound, "unknown", "NOT_FOUND");
    });
  }

  AcceptReferralRequest request_;
  core::Result<AcceptReferralResponse> answer_ = AcceptReferralResponse();
};

TEST_F(MoveTest, SendsFieldsKeyAndInstitution) {
  answer_->mutable_referral()->mutable_facts()->set_state(codes::v1::REFERRAL_STATE_ACCEPTED);
  EXPECT_EQ(Run({"referral", "accept", "r1", "--unit-id", "u2", "--role", "duty-officer"}), 0) << err_.str();
  EXPECT_EQ(request_.referral_id(), "r1");
  EXPECT_EQ(request_.unit_id(), "u2");
  EXPECT_EQ(request_.role(), "duty-officer");
  EXPECT_EQ(request_.request_id().size(), 26u);
  EXPECT_EQ(rpc::FirstOf(metadata_, "authorization"), "Bearer tk_x");
  EXPECT_EQ(rpc::FirstOf(metadata_, "tilts-institution"), "vp");
  EXPECT_THAT(out_.str(), HasSubstr("state: ACCEPTED"));
}

TEST_F(MoveTest, ShowsTheWholeRefusal) {
  answer_ = core::Fail(
      {core::Errc::kRefused, "the referral is closed", "REFERRAL_STATE", {{"role", "REQUIRED", "say who"}}, 0});
  EXPECT_EQ(Run({"referral", "accept", "r1"}), 1);
  EXPECT_THAT(err_.str(), HasSubstr("the referral is closed (REFERRAL_STATE)"));
  EXPECT_THAT(err_.str(), HasSubstr("role: say who (REQUIRED)"));
}

TEST_F(MoveTest, NamesTheChoicesWhenACodeIsUnknown) {
  EXPECT_EQ(Run({"referral", "reject", "r1", "--reason", "nonsense"}), 2);
  EXPECT_THAT(err_.str(), HasSubstr("reason: use one of "));
}

}  // namespace
}  // namespace tilts::tiltsctl
