using System.Text;
using System.Text.RegularExpressions;

namespace Latchkey.Messaging.Templates;

/// <summary>The kinds of template fields. A field's key is the kind and a number: <c>thing3</c>.</summary>
public enum FieldKind
{
    Thing = 1,
    CharacterString = 2,
    Number = 3,
    Letter = 4,
    Symbol = 5,
    Phrase = 6,
    Amount = 7,
    Time = 8,
    Date = 9,
}

/// <summary>Why a value does not fit; the order is the order of the checks.</summary>
public enum FieldFault
{
    None = 0,
    Empty = 1,
    LineBreak = 2,
    TooLong = 3,
    WrongForm = 4,
}

/// <summary>What WeChat takes in a template field. A value that breaks a rule comes back as error 47003, so it is refused before it is sent.</summary>
/// <remarks>Source: WeChat open documentation, subscribe message parameter limits; template messages since 4 May 2023. Pure and total.</remarks>
public static partial class FieldRules
{
    /// <summary>Reads the kind out of a key such as <c>character_string1</c>.</summary>
    public static bool TryKindOf(string key, out FieldKind kind)
    {
        kind = key.TrimEnd("0123456789".ToCharArray()) switch
        {
            "thing" => FieldKind.Thing,
            "character_string" => FieldKind.CharacterString,
            "number" => FieldKind.Number,
            "letter" => FieldKind.Letter,
            "symbol" => FieldKind.Symbol,
            "phrase" => FieldKind.Phrase,
            "amount" => FieldKind.Amount,
            "time" => FieldKind.Time,
            "date" => FieldKind.Date,
            _ => 0,
        };
        return kind != 0 && char.IsAsciiDigit(key[^1]);
    }

    public static FieldFault FindFault(FieldKind kind, string value)
    {
        if (value.Length == 0) return FieldFault.Empty;
        if (value.AsSpan().IndexOfAny('\r', '\n') >= 0) return FieldFault.LineBreak;
        if (CharactersOf(value) > MaxLength(kind)) return FieldFault.TooLong;
        return HasForm(kind, value) ? FieldFault.None : FieldFault.WrongForm;
    }

    /// <summary>The longest value in characters (a Chinese character is one).</summary>
    public static int MaxLength(FieldKind kind) => kind switch
    {
        FieldKind.Thing => 20,
        FieldKind.CharacterString or FieldKind.Number or FieldKind.Letter => 32,
        FieldKind.Symbol or FieldKind.Phrase => 5,
        _ => 40,
    };

    private static int CharactersOf(string value)
    {
        int count = 0;
        foreach (Rune _ in value.EnumerateRunes()) count++;
        return count;
    }

    private static bool HasForm(FieldKind kind, string value) => kind switch
    {
        FieldKind.Thing => true,
        FieldKind.CharacterString => value.All(c => c is >= ' ' and <= '~'),
        FieldKind.Number => NumberForm().IsMatch(value),
        FieldKind.Letter => value.All(char.IsAsciiLetter),
        FieldKind.Symbol => value.All(c => char.IsPunctuation(c) || char.IsSymbol(c)),
        FieldKind.Phrase => value.All(c => c is >= '\u4e00' and <= '\u9fff'),
        FieldKind.Amount => AmountForm().IsMatch(value),
        FieldKind.Time => TimeForm().IsMatch(value),
        FieldKind.Date => DateForm().IsMatch(value),
        _ => false,
    };

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    [GeneratedRegex(@"^[0-9]+(\.[0-9]+)?\z", Options, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NumberForm();

    /// <summary>One currency sign, at most ten digits before the point, decimals, and 元 at the end.</summary>
    [GeneratedRegex(@"^[¥￥$€£]?[0-9]{1,10}(\.[0-9]{1,4})?元?\z", Options, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AmountForm();

    [GeneratedRegex(@"^([0-9]{4}(年[0-9]{1,2}月[0-9]{1,2}日|[-/][0-9]{1,2}[-/][0-9]{1,2}) ?)?([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?\z", Options, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TimeForm();

    [GeneratedRegex(@"^[0-9]{4}(年[0-9]{1,2}月[0-9]{1,2}日|[-/][0-9]{1,2}[-/][0-9]{1,2})( ?([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?)?\z", Options, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DateForm();
}
