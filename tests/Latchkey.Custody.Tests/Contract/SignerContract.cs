using Latchkey.Quantities;
using Latchkey.Storage.Tests.Vending;
using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Custody.Tests.Contract;

/// <summary>What every signer promises, wherever its keys and its process are.</summary>
public abstract partial class SignerContract
{
    [Fact]
    public async Task Sign_AHeldOrder_GivesATokenThatItsMeterReads()
    {
        using Shop shop = await Shop.OpenAsync();
        using SignerRig rig = await Rig(shop).StartAsync();
        (VendOrder order, HeldEntry held) = await new HeldOrders(shop).Hold(1);
        CreditToken read = Shop.Read(Token(await rig.Signer.SignAsync(order, held, CancellationToken.None)).ToString());
        Assert.Equal((order.Terms!.TenthsGranted, order.Tid!.Value), (read.Amount.Steps, read.Tid));
        Assert.Equal(new KeyCounters(1, order.Terms.TenthsGranted, 5_000), rig.Counters);
    }

    [Fact]
    public async Task Sign_TheSameAgainAlsoAfterARestart_GivesTheSameTokenAndCountsNothing()
    {
        using Shop shop = await Shop.OpenAsync();
        using SignerRig rig = await Rig(shop).StartAsync();
        (VendOrder order, HeldEntry held) = await new HeldOrders(shop).Hold(1);
        TokenNumber first = Token(await rig.Signer.SignAsync(order, held, CancellationToken.None));
        KeyCounters counted = rig.Counters;
        Assert.Equal(first, Token(await rig.Signer.SignAsync(order, held, CancellationToken.None)));
        rig.Restart();
        Assert.Equal(first, Token(await rig.Signer.SignAsync(order, held, CancellationToken.None)));
        Assert.Equal(counted, rig.Counters);
    }

    [Fact]
    public async Task Sign_OneOrderFromManySides_GivesOneTokenCountedOnce()
    {
        using Shop shop = await Shop.OpenAsync();
        using SignerRig rig = await Rig(shop).StartAsync();
        (VendOrder order, HeldEntry held) = await new HeldOrders(shop).Hold(1);
        SignOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => rig.Signer.SignAsync(order, held, CancellationToken.None))));
        Assert.Single(outcomes.Select(Token).Distinct());
        Assert.Equal(1, rig.Counters.Tokens);
    }

    [Fact]
    public async Task Sign_ABatch_IsEachAloneInItsPlace()
    {
        using Shop shop = await Shop.OpenAsync();
        var orders = new HeldOrders(shop);
        List<(VendOrder Order, HeldEntry Held)> batch = [];
        for (int i = 1; i <= 5; i++) batch.Add(await orders.Hold(i, 10m * i, i % 2 == 0 ? Shop.Pan : Shop.OtherPan));
        batch[2] = (batch[2].Order, default);
        IReadOnlyList<SignOutcome> together;
        using (SignerRig rig = await Rig(shop).StartAsync()) together = await rig.Signer.SignAsync(batch, CancellationToken.None);

        using SignerRig reference = await CustodyRig.InSoftware(shop).StartAsync();
        foreach (((VendOrder order, HeldEntry held), SignOutcome outcome) in batch.Zip(together))
            Assert.Equal(await reference.Signer.SignAsync(order, held, CancellationToken.None), outcome);
        Assert.Equal("ledger-entry-missing", Code(together[2]));
    }

    [Fact]
    public async Task Sign_WithoutItsEntryOrOnAnothers_IsRefused()
    {
        using Shop shop = await Shop.OpenAsync();
        using SignerRig rig = await Rig(shop).StartAsync();
        var orders = new HeldOrders(shop);
        (VendOrder order, HeldEntry held) = await orders.Hold(1);
        (VendOrder _, HeldEntry other) = await orders.Hold(2, pan: Shop.OtherPan);
        Assert.Equal("ledger-entry-missing", await Refusal(rig, order, held with { Hash = default }));
        Assert.Equal("ledger-entry-missing", await Refusal(rig, order, new HeldEntry(Guid.Empty, held.Hash)));
        Assert.Equal("ledger-entry-missing", await Refusal(rig, order, other));
        Assert.Equal(default, rig.Counters);
    }

    [Fact]
    public async Task Sign_OnAnEntryThatWasVoided_IsRefused()
    {
        using Shop shop = await Shop.OpenAsync();
        using SignerRig rig = await Rig(shop).StartAsync();
        var orders = new HeldOrders(shop);
        (VendOrder order, HeldEntry held) = await orders.Hold(1);
        await orders.Void(1);
        Assert.Equal("ledger-entry-voided", await Refusal(rig, order, held));
    }

    [Fact]
    public async Task Sign_MoreThanTheEntrySays_IsRefused()
    {
        using Shop shop = await Shop.OpenAsync();
        using SignerRig rig = await Rig(shop).StartAsync();
        (VendOrder order, HeldEntry held) = await new HeldOrders(shop).Hold(1);
        Assert.Equal("ledger-entry-mismatch", await Refusal(rig, order with { Terms = order.Terms! with { TenthsGranted = order.Terms.TenthsGranted + 1 } }, held));
        Assert.Equal("ledger-entry-mismatch", await Refusal(rig, order with { Command = order.Command with { Amount = Money.FromMajor(49m, Currency.Cny) } }, held));
        Assert.Equal("ledger-entry-mismatch", await Refusal(rig, order with { Terms = null }, held));
        Assert.Equal(0, rig.Counters.Tokens);
    }

    [Fact]
    public async Task Sign_TheSameOrderWithAnotherIdentifier_IsRefused()
    {
        using Shop shop = await Shop.OpenAsync();
        using SignerRig rig = await Rig(shop).StartAsync();
        (VendOrder order, HeldEntry held) = await new HeldOrders(shop).Hold(1);
        await rig.Signer.SignAsync(order, held, CancellationToken.None);
        Assert.True(order.Tid!.Value.TryNext(out TokenIdentifier next));
        Assert.Equal("signed-with-other-content", await Refusal(rig, order with { Tid = next }, held));
    }

    [Fact]
    public async Task Sign_WithAnIdentifierThatAnotherOrderHas_IsRefused()
    {
        using Shop shop = await Shop.OpenAsync();
        using SignerRig rig = await Rig(shop).StartAsync();
        var orders = new HeldOrders(shop);
        (VendOrder first, HeldEntry held) = await orders.Hold(1);
        (VendOrder second, HeldEntry other) = await orders.Hold(2);
        await rig.Signer.SignAsync(first, held, CancellationToken.None);
        Assert.Equal("signed-with-other-content", await Refusal(rig, second with { Tid = first.Tid }, other));
    }

    protected static TokenNumber Token(SignOutcome outcome) => Assert.IsType<SignOutcome.Signed>(outcome).Token;

    protected static string Code(SignOutcome outcome) => Assert.IsType<SignOutcome.Refused>(outcome).Code;

    private protected static async Task<string> Refusal(SignerRig rig, VendOrder order, HeldEntry held) =>
        Code(await rig.Signer.SignAsync(order, held, CancellationToken.None));

    private protected abstract SignerRig Rig(Shop shop);
}
