namespace Latchkey.Sts;

/// <summary>Tries every single slip of typing: a wrong digit, two neighbours swapped, a digit missing, a digit too many.</summary>
internal static class TokenCorrections
{
    private const int Digits = TokenNumber.DigitCount;
    private const int GroupLength = 4;

    internal static void OfTwenty(ReadOnlySpan<char> typed, TokenCipher cipher, List<TokenCorrection> found)
    {
        Span<char> tried = stackalloc char[Digits];
        for (int i = 0; i < Digits; i++)
        {
            typed.CopyTo(tried);
            for (char digit = '0'; digit <= '9'; digit++)
            {
                tried[i] = digit;
                if (digit != typed[i]) AddIfRight(tried, i, cipher, found);
            }

            if (i + 1 == Digits || typed[i] == typed[i + 1]) continue;
            typed.CopyTo(tried);
            (tried[i], tried[i + 1]) = (typed[i + 1], typed[i]);
            AddIfRight(tried, i, cipher, found);
        }
    }

    internal static void OfNineteen(ReadOnlySpan<char> typed, TokenCipher cipher, List<TokenCorrection> found)
    {
        Span<char> tried = stackalloc char[Digits];
        for (int i = 0; i < Digits; i++)
        {
            typed[..i].CopyTo(tried);
            typed[i..].CopyTo(tried[(i + 1)..]);
            for (char digit = '0'; digit <= '9'; digit++)
            {
                tried[i] = digit;
                // Beside an equal digit the same number comes up twice; the first place is reported.
                if (i > 0 && tried[i - 1] == digit) continue;
                AddIfRight(tried, i, cipher, found);
            }
        }
    }

    internal static void OfTwentyOne(ReadOnlySpan<char> typed, TokenCipher cipher, List<TokenCorrection> found)
    {
        Span<char> tried = stackalloc char[Digits];
        for (int i = 0; i <= Digits; i++)
        {
            if (i > 0 && typed[i - 1] == typed[i]) continue;
            typed[..i].CopyTo(tried);
            typed[(i + 1)..].CopyTo(tried[i..]);
            AddIfRight(tried, Math.Min(i, Digits - 1), cipher, found);
        }
    }

    private static void AddIfRight(ReadOnlySpan<char> tried, int position, TokenCipher cipher, List<TokenCorrection> found)
    {
        // Class 1 carries no key, so any slip that happens to make one would look right: it proves nothing about what was meant.
        if (!TokenNumber.TryParse(tried, out TokenNumber token) || token.Class == TokenClass.NonMeterSpecificManagement) return;
        if (TokenAuthenticity.IsAuthentic(token, cipher)) found.Add(new TokenCorrection(token, (position / GroupLength) + 1));
    }
}
