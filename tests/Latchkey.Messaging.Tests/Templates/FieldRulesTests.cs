using CsCheck;
using Latchkey.Messaging.Notices;
using Latchkey.Messaging.Templates;
using Latchkey.Quantities;

namespace Latchkey.Messaging.Tests.Templates;

public sealed class FieldRulesTests
{
    [Theory]
    [InlineData(FieldKind.Thing, "余额不足10元，请及时充值", FieldFault.None)]
    [InlineData(FieldKind.Thing, "Your balance is less than 10 yuan; please top up promptly", FieldFault.TooLong)]
    [InlineData(FieldKind.Thing, "12345678901234567890", FieldFault.None)]
    [InlineData(FieldKind.Thing, "123456789012345678901", FieldFault.TooLong)]
    [InlineData(FieldKind.Thing, "two\nlines", FieldFault.LineBreak)]
    [InlineData(FieldKind.Thing, "", FieldFault.Empty)]
    [InlineData(FieldKind.CharacterString, "01234567890", FieldFault.None)]
    [InlineData(FieldKind.CharacterString, "2371 6100 1234 5678 9012", FieldFault.None)]
    [InlineData(FieldKind.CharacterString, "电表", FieldFault.WrongForm)]
    [InlineData(FieldKind.CharacterString, "123456789012345678901234567890123", FieldFault.TooLong)]
    [InlineData(FieldKind.Number, "12.5", FieldFault.None)]
    [InlineData(FieldKind.Number, "12 5", FieldFault.WrongForm)]
    [InlineData(FieldKind.Amount, "9.50元", FieldFault.None)]
    [InlineData(FieldKind.Amount, "¥9.50", FieldFault.None)]
    [InlineData(FieldKind.Amount, "-9.50元", FieldFault.WrongForm)]
    [InlineData(FieldKind.Amount, "12345678901元", FieldFault.WrongForm)]
    [InlineData(FieldKind.Phrase, "余额不足", FieldFault.None)]
    [InlineData(FieldKind.Phrase, "余额不足请充", FieldFault.TooLong)]
    [InlineData(FieldKind.Letter, "abc", FieldFault.None)]
    [InlineData(FieldKind.Letter, "ab1", FieldFault.WrongForm)]
    [InlineData(FieldKind.Symbol, "+-", FieldFault.None)]
    [InlineData(FieldKind.Time, "2026年11月22日 18:40", FieldFault.None)]
    [InlineData(FieldKind.Time, "2026-11-22 18:40", FieldFault.None)]
    [InlineData(FieldKind.Time, "18:40:05", FieldFault.None)]
    [InlineData(FieldKind.Time, "6:40 pm", FieldFault.WrongForm)]
    [InlineData(FieldKind.Time, "24:00", FieldFault.WrongForm)]
    [InlineData(FieldKind.Date, "2026年11月22日", FieldFault.None)]
    [InlineData(FieldKind.Date, "yesterday", FieldFault.WrongForm)]
    public void FindFault_OfAValue_NamesWhatIsWrong(FieldKind kind, string value, FieldFault fault) =>
        Assert.Equal(fault, FieldRules.FindFault(kind, value));

    [Fact]
    public void Reminder_IsWordForWordAndFits()
    {
        Assert.Equal("余额不足10元，请及时充值", NoticeTexts.LowBalance.Chinese);
        Assert.Equal("Your balance is less than 10 yuan; please top up promptly", NoticeTexts.LowBalance.English);
        Assert.Equal((13, 57), (NoticeTexts.LowBalance.Chinese.Length, NoticeTexts.LowBalance.English.Length));
    }

    [Fact]
    public void EverySentence_InChinese_FitsAThingField() =>
        Assert.All(NoticeTexts.All, text => Assert.Equal(FieldFault.None, FieldRules.FindFault(FieldKind.Thing, text.Chinese)));

    [Fact]
    public void FindFault_AnyText_GivesAVerdict() =>
        Gen.Select(Gen.Enum<FieldKind>(), Gen.String).Sample((kind, text) => Enum.IsDefined(FieldRules.FindFault(kind, text)), iter: 2000);

    [Theory]
    [InlineData("thing3", true)]
    [InlineData("character_string12", true)]
    [InlineData("thing", false)]
    [InlineData("remark1", false)]
    [InlineData("", false)]
    public void TryKindOf_AKey_NeedsAKindAndANumber(string key, bool valid) => Assert.Equal(valid, FieldRules.TryKindOf(key, out _));

    [Fact]
    public void OfMoneyAndOfTime_MakeValuesThatFit()
    {
        Assert.Equal("9.50元", NoticeValues.OfMoney(Money.FromMajor(9.5m, Currency.Cny)));
        Assert.Equal("2026年11月22日 18:40", NoticeValues.OfTime(new DateTimeOffset(2026, 11, 22, 10, 40, 0, TimeSpan.Zero), TimeSpan.FromHours(8)));
    }
}
