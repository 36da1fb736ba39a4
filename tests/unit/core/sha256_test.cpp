#include "core/sha256.hpp"

#include <gtest/gtest.h>

namespace tilts::core {
namespace {

// FIPS 180-4 examples.
TEST(Sha256Test, MatchesPublishedVectors) {
  EXPECT_EQ(Hex(Sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Hex(Sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Hex(Sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(Hex(Sha256(std::string(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256Test, PadsEveryLengthAroundABlock) {
  EXPECT_EQ(Hex(Sha256(std::string(55, 'a'))), "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318");
  EXPECT_EQ(Hex(Sha256(std::string(56, 'a'))), "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a");
  EXPECT_EQ(Hex(Sha256(std::string(64, 'a'))), "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb");
}

// RFC 4231, cases 1, 2 and 6.
TEST(HmacSha256Test, MatchesPublishedVectors) {
  EXPECT_EQ(Hex(HmacSha256(std::string(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(Hex(HmacSha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(Hex(HmacSha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(HmacSha256Test, AKeyThatIsKeptGivesTheSameAsAKeyThatIsNamed) {
  const HmacKey key("Jefe");
  for (std::size_t size = 0; size < 200; ++size) {
    const std::string data(size, 'x');
    EXPECT_EQ(key.Of(data), HmacSha256("Jefe", data)) << size;
  }
  EXPECT_EQ(Hex(key.Of("what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

// Where the processor has no instructions of its own both are the portable one.
TEST(Sha256BlockTest, TheProcessorsInstructionsGiveWhatThePortableOnesGive) {
  std::string data(64 * 5, '\0');
  std::uint32_t seed = 1;
  for (char& byte : data) byte = static_cast<char>((seed = seed * 1'664'525 + 1'013'904'223) >> 24);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(data.data());
  for (std::size_t blocks = 0; blocks <= 5; ++blocks) {
    internal::Sha256State fast = internal::kSha256Start;
    internal::Sha256State portable = internal::kSha256Start;
    internal::Compress(fast, bytes, blocks);
    internal::CompressPortably(portable, bytes, blocks);
    EXPECT_EQ(fast, portable) << blocks;
  }
}

TEST(HexTest, CutsToTheBytesAskedFor) {
  EXPECT_EQ(Hex(Sha256("abc"), 4), "ba7816bf");
}

}  // namespace
}  // namespace tilts::core
