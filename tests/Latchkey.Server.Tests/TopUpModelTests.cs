using Latchkey.Quantities;
using Latchkey.Server.Portal;
using Latchkey.Server.Portal.TopUps;

namespace Latchkey.Server.Tests;

public sealed class TopUpModelTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void ANewTopUp_WaitsForItsPayment()
    {
        TopUpModel model = Model(TopUpEnd.None, TopUpStep.Ordered);
        Assert.Equal([StepState.Current, StepState.Waiting, StepState.Waiting, StepState.Waiting], model.Steps.Select(step => step.State));
        Assert.True(model.AwaitsPayment);
    }

    [Fact]
    public void ATokenTypedAtTheKeypad_ClosesTheStepsItNeverTook()
    {
        TopUpModel model = Model(TopUpEnd.None, TopUpStep.Ordered, TopUpStep.Paid, TopUpStep.TokenMade, TopUpStep.Credited);
        Assert.All(model.Steps, step => Assert.Equal(StepState.Done, step.State));
        Assert.Equal([At, null, null, At], model.Steps.Select(step => step.At));
        Assert.False(model.MayType);
    }

    [Fact]
    public void AnEndedTopUp_StopsWhereItStood() =>
        Assert.Equal(
            [StepState.Done, StepState.Failed, StepState.Waiting, StepState.Waiting],
            Model(TopUpEnd.Declined, TopUpStep.Ordered, TopUpStep.Paid).Steps.Select(step => step.State));

    [Theory]
    [InlineData("50", 5000)]
    [InlineData(" 50.5 ", 5050)]
    [InlineData("50,05", 5005)]
    [InlineData("0", 0)]
    public void AnAmount_IsReadAsItIsTyped(string text, long fen)
    {
        Assert.True(AmountText.TryRead(text, Currency.Cny, out Money amount));
        Assert.Equal(new Money(fen, Currency.Cny), amount);
    }

    [Theory]
    [InlineData("")]
    [InlineData("50.001")]
    [InlineData("-5")]
    [InlineData("1e3")]
    [InlineData("1.2.3")]
    [InlineData("5O")]
    [InlineData("99999999999999")]
    public void AnAmount_ThatIsNone_IsRefused(string text) => Assert.False(AmountText.TryRead(text, Currency.Cny, out _));

    [Fact]
    public void AnyText_IsReadOrRefusedWithoutThrowing() => CsCheck.Check.Sample(
        CsCheck.Gen.String, text => AmountText.TryRead(text, Currency.Cny, out Money amount) || amount == default);

    [Fact]
    public void Ids_AreRandomAndOfTheRightKind()
    {
        Guid[] ids = [.. Enumerable.Range(0, 100).Select(_ => TopUpIds.Next())];
        Assert.Equal(100, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Equal(4, id.Version));
    }

    [Theory]
    [InlineData("/my/topups/1?a=b", "/my/topups/1?a=b")]
    [InlineData("https://evil.example", "/")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("/a\r\nSet-Cookie: x", "/")]
    [InlineData(null, "/")]
    public void AWayBack_StaysInTheHouse(string? address, string expected) => Assert.Equal(expected, LocalAddress.Of(address));

    [Theory]
    [InlineData("", 0)]
    [InlineData("0", 1)]
    [InlineData("0 1 2", 3)]
    [InlineData("0 1 2 3", null)]
    public void Next_IsTheFirstThatTheMeterHasNot(string inMeter, int? expected)
    {
        HashSet<string> there = [.. inMeter.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        string[] kinds = ["key-change", "key-change", "refund", "sale"];
        TopUpProgress topUp = Model(TopUpEnd.None, TopUpStep.Paid, TopUpStep.TokenMade).TopUp with
        {
            Tokens = [.. kinds.Select((kind, i) => new TokenToType(kind, FakePark.Token, null, null, there.Contains(i.ToString(System.Globalization.CultureInfo.InvariantCulture))))],
        };
        var model = new TopUpModel(topUp);
        Assert.True(model.IsInOrder);
        Assert.Equal(expected, model.Next);
        Assert.Null(new TopUpModel(topUp with { Times = new Dictionary<TopUpStep, DateTimeOffset> { [TopUpStep.Credited] = At } }).Next);
    }

    private static TopUpModel Model(TopUpEnd end, params TopUpStep[] reached) => new(new TopUpProgress(
        Guid.Empty, At, "A 101", FakePark.Pan, FakePark.Yuan(5000), null, reached.Contains(TopUpStep.TokenMade) ? FakePark.Token : null, reached.ToDictionary(step => step, _ => At), end, null, null, null, null, []));
}
