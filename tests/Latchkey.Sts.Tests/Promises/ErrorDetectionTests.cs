namespace Latchkey.Sts.Tests;

/// <summary>What a slip of one bit or one digit does: over 10,000 random tokens, every one of them.</summary>
public sealed class ErrorDetectionTests(ITestOutputHelper output)
{
    private const int Tokens = 10_000;
    private const int Bits = 66;
    private const double ChanceOfTheCheckValue = 1.0 / 65_536;

    [Theory]
    [InlineData(EncryptionAlgorithm.Ea07)]
    [InlineData(EncryptionAlgorithm.Ea11)]
    public void Decode_WithEverySingleBitAndDigitError_IsAcceptedNoMoreOftenThanTheCheckValueAllows(EncryptionAlgorithm algorithm)
    {
        var random = new Random(20_180_101);
        byte[] keyBytes = new byte[DecoderKey.LengthFor(algorithm)];
        long tried = 0, accepted = 0;
        for (int i = 0; i < Tokens; i++)
        {
            random.NextBytes(keyBytes);
            using DecoderKey key = StsGen.Key(keyBytes);
            using TokenCipher cipher = TokenCipher.Create(algorithm, key);
            TokenNumber token = cipher.Seal(TokenClass.CreditTransfer, CreditTokenCodec.Encode(RandomCredit(random)));
            Assert.True(IsCredit(token.Value, cipher));
            foreach (UInt128 wrong in WithOneBitFlipped(token.Value).Concat(WithOneDigitChanged(token)))
            {
                tried++;
                if (IsCredit(wrong, cipher)) accepted++;
            }
        }

        double rate = (double)accepted / tried;
        output.WriteLine($"EA{(int)algorithm:D2}: {accepted} of {tried} wrong tokens were another valid credit, {rate:E2}; the check value allows {ChanceOfTheCheckValue:E2}.");
        // Six standard deviations of a Poisson count: a fair check value stays below once in a thousand million runs, and the seed is fixed.
        double mean = tried * ChanceOfTheCheckValue;
        Assert.True(accepted <= mean + (6 * Math.Sqrt(mean)), $"{accepted} of {tried}");
    }

    private static CreditToken RandomCredit(Random random) => new(
        (CreditSubClass)random.Next(4),
        (byte)random.Next(16),
        TokenIdentifier.FromMinutes((uint)random.Next(0x100_0000)),
        new TransferAmount((ushort)random.Next(0x1_0000)));

    private static IEnumerable<UInt128> WithOneBitFlipped(UInt128 value) => Enumerable.Range(0, Bits).Select(bit => value ^ (UInt128.One << bit));

    private static IEnumerable<UInt128> WithOneDigitChanged(TokenNumber token)
    {
        string digits = token.ToString();
        UInt128 weight = 1;
        for (int i = digits.Length - 1; i >= 0; i--, weight *= 10)
        {
            UInt128 rest = token.Value - (weight * (uint)(digits[i] - '0'));
            for (uint digit = 0; digit <= 9; digit++)
            {
                if (digit != digits[i] - '0') yield return rest + (weight * digit);
            }
        }
    }

    private static bool IsCredit(UInt128 value, TokenCipher cipher)
    {
        if (!TokenNumber.TryFromValue(value, out TokenNumber token) || token.Class != TokenClass.CreditTransfer) return false;
        ulong block = cipher.Decrypt(token.Block);
        return CreditTokenCodec.Decode(block, out CreditToken _) == TokenResult.Accept || CreditTokenCodec.Decode(block, out CurrencyCreditToken _) == TokenResult.Accept;
    }
}
