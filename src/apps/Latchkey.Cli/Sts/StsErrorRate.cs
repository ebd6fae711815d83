using Latchkey.Sts;

namespace Latchkey.Cli.Sts;

/// <summary>How often a slip of one bit or one digit gives another valid credit: every one of them, over random tokens of random keys.</summary>
internal static class StsErrorRate
{
    private const int Bits = 66;

    /// <summary>Wrong tokens tried and those taken for another credit.</summary>
    public static (long Tried, long Accepted) Measure(EncryptionAlgorithm algorithm, int tokens, int seed)
    {
        var random = new Random(seed);
        byte[] keyBytes = new byte[DecoderKey.LengthFor(algorithm)];
        long tried = 0;
        long accepted = 0;
        for (int i = 0; i < tokens; i++)
        {
            random.NextBytes(keyBytes);
            if (!DecoderKey.TryCreate(keyBytes, out DecoderKey? key)) continue;
            using (key)
            using (TokenCipher cipher = TokenCipher.Create(algorithm, key))
            {
                foreach (UInt128 wrong in Slips(RandomToken(random, cipher)))
                {
                    tried++;
                    if (IsCredit(wrong, cipher)) accepted++;
                }
            }
        }

        return (tried, accepted);
    }

    private static TokenNumber RandomToken(Random random, TokenCipher cipher) => cipher.Seal(TokenClass.CreditTransfer, CreditTokenCodec.Encode(new CreditToken(
        (CreditSubClass)random.Next(4),
        (byte)random.Next(16),
        TokenIdentifier.FromMinutes((uint)random.Next((int)TokenIdentifier.MaxMinutes)),
        new TransferAmount((ushort)random.Next(ushort.MaxValue)))));

    private static IEnumerable<UInt128> Slips(TokenNumber token)
    {
        for (int bit = 0; bit < Bits; bit++) yield return token.Value ^ (UInt128.One << bit);
        string digits = token.ToString();
        UInt128 weight = 1;
        for (int i = digits.Length - 1; i >= 0; i--, weight *= 10)
        {
            uint right = (uint)(digits[i] - '0');
            for (uint digit = 0; digit <= 9; digit++)
            {
                if (digit != right) yield return token.Value - (weight * right) + (weight * digit);
            }
        }
    }

    private static bool IsCredit(UInt128 value, TokenCipher cipher)
    {
        if (!TokenNumber.TryFromValue(value, out TokenNumber token) || token.Class != TokenClass.CreditTransfer) return false;
        ulong block = cipher.Decrypt(token.Block);
        return CreditTokenCodec.HasValidCheckValue(block) && (int)(block >> 60) <= (int)CreditSubClass.TimeCurrency;
    }
}
