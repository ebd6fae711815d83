namespace Latchkey.Sts;

/// <summary>Tells a support desk why a token was refused: a slip, another key, another meter, used, old.</summary>
/// <remarks>
/// It needs keys and finds what was meant, so it belongs where keys may be used and never in front of a customer's keypad.
/// Source: ours; the checks are those of IEC 62055-41, acceptance of tokens.
/// </remarks>
public static class TokenExplainer
{
    private const int MaxTextLength = 64;
    private const int GroupLength = 4;
    private const int GroupCount = TokenNumber.DigitCount / GroupLength;

    /// <summary>Explains what was typed. Never throws on the text; at most a few hundred decryptions for each key.</summary>
    /// <param name="typed">What was typed: digits, with spaces or dashes where the person made groups.</param>
    /// <param name="keys">Keys to try, the present one among them.</param>
    /// <param name="used">The identifiers that the meter has taken, where they are known.</param>
    /// <remarks>Source: ours; the checks are those of IEC 62055-41, acceptance of tokens.</remarks>
    public static TokenExplanation Explain(ReadOnlySpan<char> typed, IReadOnlyList<CandidateKey> keys, TokenIdentifierStore? used = null)
    {
        Span<char> digits = stackalloc char[MaxTextLength];
        if (!TryCollectDigits(typed, digits, out int count)) return Plain(TokenDiagnosis.NotDigits);
        digits = digits[..count];
        if (count < TokenNumber.DigitCount) return Missing(typed, digits, keys);
        if (count > TokenNumber.DigitCount) return TooMany(typed, digits, keys);
        return WithTwentyDigits(digits, keys, used);
    }

    /// <summary>The group, 1 to 5, that the person's own spaces or dashes show to have another number of digits than four; null where all have or there are none.</summary>
    /// <param name="typed">What was typed.</param>
    /// <remarks>Source: ours; the checks are those of IEC 62055-41, acceptance of tokens.</remarks>
    public static int? GroupOfWrongLength(ReadOnlySpan<char> typed)
    {
        int group = 0;
        int? wrong = null;
        foreach (Range range in typed.SplitAny(" -"))
        {
            int length = typed[range].Length;
            if (length == 0) continue;
            group++;
            if (length != GroupLength) wrong ??= group;
        }

        // Without separators there is one long group, which says nothing.
        return group > 1 && wrong <= GroupCount ? wrong : null;
    }

    private static TokenExplanation WithTwentyDigits(Span<char> digits, IReadOnlyList<CandidateKey> keys, TokenIdentifierStore? used)
    {
        if (TokenNumber.TryParse(digits, out TokenNumber token))
        {
            foreach (CandidateKey key in keys.OrderBy(k => k.Relation))
            {
                if (TokenAuthenticity.IsAuthentic(token, key.Cipher)) return Authentic(token, key, used);
            }
        }

        List<TokenCorrection> corrections = [];
        foreach (CandidateKey key in keys.Where(k => k.Relation is KeyRelation.Present or KeyRelation.Next)) TokenCorrections.OfTwenty(digits, key.Cipher, corrections);
        return corrections.Count == 0 ? Plain(TokenDiagnosis.Unknown) : WithCorrections(TokenDiagnosis.TypingError, null, corrections);
    }

    private static TokenExplanation Authentic(TokenNumber token, CandidateKey key, TokenIdentifierStore? used)
    {
        TokenDiagnosis diagnosis = key.Relation switch
        {
            KeyRelation.Next => TokenDiagnosis.NeedsKeyChange,
            KeyRelation.Former => TokenDiagnosis.OldKey,
            KeyRelation.OtherMeter => TokenDiagnosis.OtherMeter,
            _ => TokenDiagnosis.Good,
        };
        // Class 1 is not encrypted: it fits every key, and no meter refuses it for its key.
        if (token.Class == TokenClass.NonMeterSpecificManagement) diagnosis = TokenDiagnosis.Good;
        if (diagnosis == TokenDiagnosis.Good && used is not null && TokenAuthenticity.TryGetTid(token, key.Cipher, out TokenIdentifier tid))
        {
            diagnosis = used.Judge(tid) switch
            {
                TokenResult.UsedError => TokenDiagnosis.Used,
                TokenResult.OldError => TokenDiagnosis.Old,
                _ => TokenDiagnosis.Good,
            };
        }

        return new TokenExplanation(diagnosis, null, key.Label, []);
    }

    private static TokenExplanation Missing(ReadOnlySpan<char> typed, ReadOnlySpan<char> digits, IReadOnlyList<CandidateKey> keys)
    {
        List<TokenCorrection> corrections = [];
        if (digits.Length == TokenNumber.DigitCount - 1)
        {
            foreach (CandidateKey key in keys.Where(k => k.Relation is KeyRelation.Present or KeyRelation.Next)) TokenCorrections.OfNineteen(digits, key.Cipher, corrections);
        }

        return WithCorrections(TokenDiagnosis.DigitMissing, GroupOfWrongLength(typed), corrections);
    }

    private static TokenExplanation TooMany(ReadOnlySpan<char> typed, ReadOnlySpan<char> digits, IReadOnlyList<CandidateKey> keys)
    {
        List<TokenCorrection> corrections = [];
        if (digits.Length == TokenNumber.DigitCount + 1)
        {
            foreach (CandidateKey key in keys.Where(k => k.Relation is KeyRelation.Present or KeyRelation.Next)) TokenCorrections.OfTwentyOne(digits, key.Cipher, corrections);
        }

        return WithCorrections(TokenDiagnosis.DigitTooMany, GroupOfWrongLength(typed), corrections);
    }

    // A correction that fits a key says more than the way the digits were spaced.
    private static TokenExplanation WithCorrections(TokenDiagnosis diagnosis, int? bySpacing, List<TokenCorrection> corrections)
    {
        int[] groups = [.. corrections.Select(c => c.Group).Distinct()];
        return new TokenExplanation(diagnosis, groups.Length == 1 ? groups[0] : bySpacing, null, corrections);
    }

    private static TokenExplanation Plain(TokenDiagnosis diagnosis) => new(diagnosis, null, null, []);

    private static bool TryCollectDigits(ReadOnlySpan<char> typed, Span<char> digits, out int count)
    {
        count = 0;
        if (typed.Length > MaxTextLength) return false;
        foreach (char c in typed)
        {
            if (char.IsAsciiDigit(c)) digits[count++] = c;
            else if (c is not (' ' or '-')) return false;
        }

        return count > 0;
    }
}
