using System.Text;
using CsCheck;
using Latchkey.Sts;
using Latchkey.Vending.Makers;
using Latchkey.Vending.Makers.Calin;

namespace Latchkey.Vending.Tests.Makers;

public sealed class CalinAnswerTests
{
    private const string Digits = "12345678901234567890";
    private static readonly MakerWish Energy = new(new Guid("00000000-0000-0000-0000-000000000001"), MakerTokenKind.Credit, MeterPan.Parse("600727000000000009"), 255);
    private static readonly MakerWish Clear = Energy with { Kind = MakerTokenKind.ClearTamper, Tenths = 0 };
    private static readonly string Good = """{"result_code":0,"reason":"OK","result":{"token":"DIGITS","meter_number":"00000000000","total_unit":25.5,"unit":"kWh"}}""".Replace("DIGITS", Digits, StringComparison.Ordinal);

    [Fact]
    public void Good_IsMade() => Assert.Equal(TokenNumber.Parse(Digits), Assert.IsType<MakerOutcome.Made>(Read(Good)).Token);

    [Theory]
    [InlineData("""{"result_code":0,"result":{"token":"12345678901234567890"}}""")]
    [InlineData("""{"result_code":"00","result":{"token":"1234 5678 9012 3456 7890","total_unit":"25.5"}}""")]
    [InlineData("""{"result_code":"0","result":{"token":"1234-5678-9012-3456-7890","total_unit":25.50}}""")]
    public void Good_InEverySpelling_IsMade(string answer) => Assert.IsType<MakerOutcome.Made>(Read(answer));

    [Fact]
    public void Good_OfATokenWithoutEnergy_IsItsText() =>
        Assert.IsType<MakerOutcome.Made>(CalinAnswer.Read(Encoding.UTF8.GetBytes($$"""{"result_code":0,"reason":"OK","result":"{{Digits}}"}"""), Clear));

    [Fact]
    public void Prefixes_OfAGoodAnswer_AreAllUnknown()
    {
        byte[] whole = Encoding.UTF8.GetBytes(Good);
        for (int length = 0; length < whole.Length; length++) Assert.IsType<MakerOutcome.Unknown>(CalinAnswer.Read(whole.AsMemory(0, length), Energy));
        Assert.IsType<MakerOutcome.Made>(CalinAnswer.Read(whole, Energy));
    }

    [Fact]
    public void Prefixes_OfARefusal_AreNeverARefusal()
    {
        byte[] whole = """{"result_code":"09","reason":"operation failed","result":null}"""u8.ToArray();
        for (int length = 0; length < whole.Length; length++) Assert.IsType<MakerOutcome.Unknown>(CalinAnswer.Read(whole.AsMemory(0, length), Energy));
        Assert.IsType<MakerOutcome.Refused>(CalinAnswer.Read(whole, Energy));
    }

    [Fact]
    public void OneByteChanged_IsNeverAnotherTokenThanTheDigitsThatStandThere()
    {
        byte[] whole = Encoding.UTF8.GetBytes(Good);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Sample((at, value) =>
        {
            byte[] changed = [.. whole];
            changed[at] = value;
            return CalinAnswer.Read(changed, Energy) is not MakerOutcome.Made made || Encoding.UTF8.GetString(changed).Contains(made.Token.ToString(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void AnyBytes_AreReadWithoutAnException() =>
        Gen.Byte.Array[0, 300].Sample(bytes => CalinAnswer.Read(bytes, Energy) is MakerOutcome.Unknown);

    [Theory]
    [InlineData("""{"result_code":2,"reason":"x"}""", VendingCodes.MakerLoginRefused)]
    [InlineData("""{"result_code":"02","reason":"x","result":null}""", VendingCodes.MakerLoginRefused)]
    [InlineData("""{"result_code":"03","reason":"x","result":""}""", VendingCodes.MakerUnknownMeter)]
    [InlineData("""{"result_code":99,"reason":"x","result":{}}""", VendingCodes.MakerRefused)]
    public void Refusal_HasItsCode(string answer, string code) => Assert.Equal(code, Assert.IsType<MakerOutcome.Refused>(Read(answer)).Code);

    [Theory]
    [InlineData("""{"result_code":0,"reason":"OK","result":null}""")]
    [InlineData("""{"result_code":0,"reason":"OK","result":{}}""")]
    [InlineData("""{"result_code":0,"reason":"OK"}""")]
    [InlineData("""{"result_code":0,"result":"12345678901234567890"}""")]
    [InlineData("""{"result_code":0,"result":{"token":12345678901234567890}}""")]
    [InlineData("""{"result_code":0,"result":{"token":"1234567890123456789"}}""")]
    [InlineData("""{"result_code":0,"result":{"token":"99999999999999999999"}}""")]
    [InlineData("""{"result_code":0,"result":{"token":"\ud800"}}""")]
    [InlineData("""{"result_code":0,"result":{"token":"12345678901234567890","total_unit":26.5}}""")]
    [InlineData("""{"result_code":0,"result":{"token":"12345678901234567890","total_unit":"many"}}""")]
    [InlineData("""{"result_code":0,"result":{"token":"12345678901234567890","token":"12345678901234567891"}}""")]
    [InlineData("""{"result_code":9,"result_code":0,"result":{"token":"12345678901234567890"}}""")]
    [InlineData("""{"result_code":9,"reason":"failed","result":{"token":"12345678901234567890"}}""")]
    [InlineData("""{"result_code":true,"result":{"token":"12345678901234567890"}}""")]
    [InlineData("""{"result_code":-1,"result":null}""")]
    [InlineData("""{"reason":"no","result":null}""")]
    [InlineData("""[{"Token":"12345678901234567890"}]""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("<html>busy</html>")]
    public void Anything_ElseIsUnknown(string answer) => Assert.IsType<MakerOutcome.Unknown>(Read(answer));

    [Fact]
    public void Reason_IsShortAndPlain()
    {
        string reason = Assert.IsType<MakerOutcome.Refused>(Read($$"""{"result_code":9,"reason":"a\u0000\u001b[31m{{new string('x', 5_000)}}"}""")).Reason;
        Assert.InRange(reason.Length, 10, 150);
        Assert.DoesNotContain(reason, char.IsControl);
    }

    private static MakerOutcome Read(string answer) => CalinAnswer.Read(Encoding.UTF8.GetBytes(answer), Energy);
}
