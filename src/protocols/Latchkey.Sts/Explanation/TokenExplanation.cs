namespace Latchkey.Sts;

/// <summary>Which key a support desk tries a token with.</summary>
/// <remarks>Source: ours.</remarks>
public enum KeyRelation
{
    /// <summary>The key that the meter has.</summary>
    Present = 0,

    /// <summary>The key that the meter gets by key-change tokens it has not taken yet.</summary>
    Next = 1,

    /// <summary>A key that the meter had before.</summary>
    Former = 2,

    /// <summary>Another meter's key.</summary>
    OtherMeter = 3,
}

/// <summary>A key to try a token with, and what to call it.</summary>
/// <param name="Relation">Whose key it is.</param>
/// <param name="Label">A word for people, such as the other meter's number; never the key.</param>
/// <param name="Cipher">The cipher under the key.</param>
/// <remarks>Source: ours.</remarks>
public sealed record CandidateKey(KeyRelation Relation, string Label, TokenCipher Cipher);

/// <summary>Why a token does not work, as far as can be told.</summary>
/// <remarks>Source: ours.</remarks>
public enum TokenDiagnosis
{
    /// <summary>Nothing is wrong with it.</summary>
    Good = 0,

    /// <summary>Something other than digits, spaces and dashes was typed.</summary>
    NotDigits = 1,

    /// <summary>There are fewer than twenty digits.</summary>
    DigitMissing = 2,

    /// <summary>There are more than twenty digits.</summary>
    DigitTooMany = 3,

    /// <summary>One digit is wrong or two neighbours are swapped: the corrections say which.</summary>
    TypingError = 4,

    /// <summary>It is for the key that the meter gets next: key-change tokens come first.</summary>
    NeedsKeyChange = 5,

    /// <summary>It was made for a key that the meter no longer has.</summary>
    OldKey = 6,

    /// <summary>It is another meter's.</summary>
    OtherMeter = 7,

    /// <summary>The meter has taken it already.</summary>
    Used = 8,

    /// <summary>It is older than the tokens that the meter remembers.</summary>
    Old = 9,

    /// <summary>It fits none of the keys, and no single slip explains it.</summary>
    Unknown = 10,
}

/// <summary>A token that differs from what was typed by one slip and is right.</summary>
/// <param name="Token">The right token.</param>
/// <param name="Group">Which group of four the slip is in, 1 to 5.</param>
/// <remarks>Source: ours.</remarks>
public readonly record struct TokenCorrection(TokenNumber Token, int Group);

/// <summary>What can be told about a typed token.</summary>
/// <param name="Diagnosis">Why it does not work.</param>
/// <param name="SuspectGroup">The group of four to look at, 1 to 5, or null.</param>
/// <param name="Key">The label of the key it fits, or null.</param>
/// <param name="Corrections">Tokens that one slip would explain; one alone is almost certainly meant.</param>
/// <remarks>Source: ours.</remarks>
public sealed record TokenExplanation(TokenDiagnosis Diagnosis, int? SuspectGroup, string? Key, IReadOnlyList<TokenCorrection> Corrections)
{
    /// <summary>The explanation in English, one or two sentences.</summary>
    /// <remarks>Source: ours.</remarks>
    public string English => Diagnosis switch
    {
        TokenDiagnosis.Good => "Nothing is wrong with this token.",
        TokenDiagnosis.NotDigits => "A token has only digits.",
        TokenDiagnosis.DigitMissing => "A digit is missing" + Where(" in group {0}.", "."),
        TokenDiagnosis.DigitTooMany => "There is a digit too many" + Where(" in group {0}.", "."),
        TokenDiagnosis.TypingError => "A digit is wrong" + Where(" in group {0}.", "."),
        TokenDiagnosis.NeedsKeyChange => "The meter needs its key-change tokens first.",
        TokenDiagnosis.OldKey => "The token was made for a key that the meter no longer has.",
        TokenDiagnosis.OtherMeter => $"The token is for another meter: {Key}.",
        TokenDiagnosis.Used => TokenReason.For(TokenResult.UsedError).English,
        TokenDiagnosis.Old => TokenReason.For(TokenResult.OldError).English,
        _ => "The token fits none of the known keys, and no single typing error explains it.",
    };

    /// <summary>The explanation in Chinese, one or two sentences.</summary>
    /// <remarks>Source: ours.</remarks>
    public string Chinese => Diagnosis switch
    {
        TokenDiagnosis.Good => "充值码没有问题。",
        TokenDiagnosis.NotDigits => "充值码只能包含数字。",
        TokenDiagnosis.DigitMissing => Where("第{0}组", "") + "缺少一位数字。",
        TokenDiagnosis.DigitTooMany => Where("第{0}组", "") + "多了一位数字。",
        TokenDiagnosis.TypingError => Where("第{0}组", "") + "有一位数字有误。",
        TokenDiagnosis.NeedsKeyChange => "请先输入换钥码。",
        TokenDiagnosis.OldKey => "充值码对应的密钥已被更换。",
        TokenDiagnosis.OtherMeter => $"充值码属于其他电表：{Key}。",
        TokenDiagnosis.Used => TokenReason.For(TokenResult.UsedError).Chinese,
        TokenDiagnosis.Old => TokenReason.For(TokenResult.OldError).Chinese,
        _ => "充值码与已知密钥均不匹配，也无法用一次输入错误解释。",
    };

    private string Where(string pattern, string unknown) =>
        SuspectGroup is { } group ? string.Format(System.Globalization.CultureInfo.InvariantCulture, System.Text.CompositeFormat.Parse(pattern), group) : unknown;
}
