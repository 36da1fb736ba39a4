#pragma once

namespace tilts::risk_scoring {

inline constexpr unsigned kStateVersion = 1;

// First byte of an attendance entry. A school day like the one before it takes this byte only.
inline constexpr unsigned kStepMask = 0x03;  // 0: same day, 1: the next, 2: after a weekend, 3: the step follows
inline constexpr unsigned kOtherStep = 3;
inline constexpr unsigned kInstitution = 0x04;      // another than before
inline constexpr unsigned kRevision = 0x08;         // not 1
inline constexpr unsigned kOffered = 0x10;          // other than in the latest record that counts
inline constexpr unsigned kAway = 0x20;             // unknown or excused, a half byte each
inline constexpr unsigned kUnexcusedOrLate = 0x40;  // a half byte each
inline constexpr unsigned kWithdrawn = 0x80;

}  // namespace tilts::risk_scoring
