using CsCheck;

namespace Latchkey.Sts.Tests;

public sealed class TokenExplainerTests : IDisposable
{
    private readonly TestMeter _meter = new();
    private readonly TestMeter _other = new();
    private readonly TokenNumber _token;
    private readonly List<CandidateKey> _keys = [];

    public TokenExplainerTests()
    {
        _token = _meter.Credit(1_234_567);
        _keys.Add(Candidate(KeyRelation.Present, "present", _meter.Attributes));
        _keys.Add(Candidate(KeyRelation.Next, "next", _meter.Attributes with { TariffIndex = TariffIndex.Parse("02") }));
        _keys.Add(Candidate(KeyRelation.Former, "former", _meter.Attributes with { TariffIndex = TariffIndex.Parse("03") }));
        _keys.Add(Candidate(KeyRelation.OtherMeter, "600727111111111153", _meter.Attributes with { Pan = MeterPan.Parse("600727111111111153") }));
    }

    [Fact]
    public void Explain_AGoodToken_SaysSo() => Assert.Equal(TokenDiagnosis.Good, Explain(_token.ToGroupedString()).Diagnosis);

    [Fact]
    public void Explain_AUsedAndAnOldToken_SaysSo()
    {
        TokenIdentifierStore used = TokenIdentifierStore.Empty().With(TokenIdentifier.FromMinutes(1_234_567));
        Assert.Equal(TokenDiagnosis.Used, TokenExplainer.Explain(_token.ToString(), _keys, used).Diagnosis);
        for (uint i = 0; i < 50; i++) used = used.With(TokenIdentifier.FromMinutes(1_234_568 + i));
        Assert.Equal(TokenDiagnosis.Old, TokenExplainer.Explain(_token.ToString(), _keys, used).Diagnosis);
    }

    [Theory]
    [InlineData("02", TokenDiagnosis.NeedsKeyChange)]
    [InlineData("03", TokenDiagnosis.OldKey)]
    public void Explain_ATokenUnderAnotherKeyOfTheMeter_SaysWhich(string tariff, TokenDiagnosis expected)
    {
        _meter.SellUnder(_meter.Attributes with { TariffIndex = TariffIndex.Parse(tariff) });
        Assert.Equal(expected, Explain(_meter.Credit(1_000).ToString()).Diagnosis);
    }

    [Fact]
    public void Explain_AnotherMetersToken_NamesTheMeter()
    {
        _other.SellUnder(_other.Attributes with { Pan = MeterPan.Parse("600727111111111153") });
        TokenExplanation explanation = Explain(_other.Credit(1_000).ToString());
        Assert.Equal((TokenDiagnosis.OtherMeter, "600727111111111153"), (explanation.Diagnosis, explanation.Key));
    }

    [Fact]
    public void Explain_OneDigitMissing_FindsTheTokenAndItsGroup() => Gen.Int[0, 19].Sample(at =>
    {
        TokenExplanation explanation = Explain(_token.ToString().Remove(at, 1));
        return explanation.Diagnosis == TokenDiagnosis.DigitMissing && explanation.Corrections.Any(c => c.Token == _token && Math.Abs(c.Group - 1 - (at / 4)) <= 1);
    });

    [Fact]
    public void Explain_OneDigitTooMany_FindsTheToken() => Gen.Select(Gen.Int[0, 20], Gen.Char['0', '9']).Sample((at, digit) =>
    {
        TokenExplanation explanation = Explain(_token.ToString().Insert(at, digit.ToString()));
        return explanation.Diagnosis == TokenDiagnosis.DigitTooMany && explanation.Corrections.Any(c => c.Token == _token);
    });

    [Fact]
    public void Explain_OneDigitWrong_FindsTheTokenAndItsGroup() => Gen.Select(Gen.Int[0, 19], Gen.Int[1, 9]).Sample((at, add) =>
    {
        char[] digits = _token.ToString().ToCharArray();
        digits[at] = (char)('0' + ((digits[at] - '0' + add) % 10));
        TokenExplanation explanation = Explain(new string(digits));
        // A slip in a leading digit can give a class 1 token whose check value happens to be right; it is then honestly called good.
        return explanation.Corrections.Any(c => c.Token == _token && c.Group == (at / 4) + 1) || explanation.Diagnosis == TokenDiagnosis.Good;
    });

    [Fact]
    public void Explain_TwoNeighboursSwapped_FindsTheToken()
    {
        char[] digits = _token.ToString().ToCharArray();
        int at = Array.FindIndex(digits, 1, c => c != digits[0]) - 1;
        (digits[at], digits[at + 1]) = (digits[at + 1], digits[at]);
        Assert.Contains(Explain(new string(digits)).Corrections, c => c.Token == _token);
    }

    [Theory]
    [InlineData("1234 567 8901 2345 6789", 2)]
    [InlineData("1234-5678-9012-3456-789", 5)]
    [InlineData("1234567890123456789", null)]
    public void Explain_WithoutAKey_FindsTheShortGroupFromTheSpaces(string typed, int? group) =>
        Assert.Equal((TokenDiagnosis.DigitMissing, group), (TokenExplainer.Explain(typed, []).Diagnosis, TokenExplainer.Explain(typed, []).SuspectGroup));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("12a4")]
    [InlineData("１２３４")]
    public void Explain_NoDigits_SaysSo(string typed) => Assert.Equal(TokenDiagnosis.NotDigits, Explain(typed).Diagnosis);

    [Fact]
    public void Explain_AnyText_GivesAnExplanationInBothLanguages() =>
        Gen.OneOf(Gen.String, Gen.String["0123456789 -"]).Sample(text => Explain(text) is { English.Length: > 0, Chinese.Length: > 0 });

    [Fact]
    public void TokenReason_EveryResult_HasWordsAndADistinctCode()
    {
        TokenReason[] reasons = [.. Enum.GetValues<TokenResult>().Select(TokenReason.For)];
        Assert.All(reasons, r => Assert.True(r.English.Length > 0 && r.Chinese.Length > 0));
        Assert.Equal(reasons.Length, reasons.Select(r => r.Code).Distinct(StringComparer.Ordinal).Count());
    }

    public void Dispose()
    {
        foreach (CandidateKey key in _keys) key.Cipher.Dispose();
        _meter.Dispose();
        _other.Dispose();
    }

    private TokenExplanation Explain(string typed) => TokenExplainer.Explain(typed, _keys);

    private static CandidateKey Candidate(KeyRelation relation, string label, DecoderKeyAttributes attributes)
    {
        Assert.True(VendingKey.TryCreate(TestMeter.HmacVendingKey, out VendingKey? vendingKey));
        using DecoderKey key = DecoderKeyGeneration.Derive(vendingKey, attributes);
        return new CandidateKey(relation, label, TokenCipher.Create(attributes.Algorithm, key));
    }
}
