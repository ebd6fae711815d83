using System.Globalization;
using Latchkey.Sts;

namespace Latchkey.HeadEnd.Tests;

/// <summary>Numbers, keys and tokens for tests, all made from small integers.</summary>
internal static class TestMeters
{
    public static readonly DateTimeOffset Start = new(2026, 6, 1, 8, 0, 0, TimeSpan.Zero);

    public static MeterPan Pan(int number)
    {
        for (int check = 0; check < 10; check++)
        {
            string text = string.Create(CultureInfo.InvariantCulture, $"07{number:D8}{check}");
            if (DecoderReferenceNumber.TryParse(text, out DecoderReferenceNumber drn) && drn.HasValidCheckDigit) return MeterPan.FromDrn(drn);
        }

        throw new InvalidOperationException("No check digit fits.");
    }

    public static byte[] MessageKey(int number)
    {
        byte[] key = new byte[32];
        BitConverter.TryWriteBytes(key, number + 1_000);
        return key;
    }

    public static byte[] MasterKey() => [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    public static TokenNumber Token(int number) => TokenNumber.FromBlock(TokenClass.CreditTransfer, 0x0123_4567_0000_0000UL + (ulong)number);

    public static Guid Id(int number) => new(number, 1, 2, [3, 4, 5, 6, 7, 8, 9, 10]);
}
