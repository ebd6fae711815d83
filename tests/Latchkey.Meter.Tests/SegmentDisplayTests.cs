using Latchkey.Meter.Face;

namespace Latchkey.Meter.Tests;

public sealed class SegmentDisplayTests
{
    [Theory]
    [InlineData("12.3", new byte[] { 0, 0, 0, 0, 0, 0x06, 0x5B | 0x80, 0x4F })]
    [InlineData("-8", new byte[] { 0, 0, 0, 0, 0, 0, 0x40, 0x7F })]
    [InlineData("8.8.8.8.8.8.8.8.", new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF })]
    [InlineData("1234567890", new byte[] { 0x4F, 0x66, 0x6D, 0x7D, 0x07, 0x7F, 0x6F, 0x3F })]
    [InlineData("", new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 })]
    public void Digits_AreTheirSegments(string digits, byte[] expected) => Assert.Equal(expected, SegmentDisplay.Of(digits));

    [Fact]
    public void EverySound_IsAnother() =>
        Assert.Equal(5, Enum.GetValues<Buzzer>().Select(b => string.Join(' ', BuzzerPatterns.Of(b))).Distinct(StringComparer.Ordinal).Count());
}
