using Latchkey.Storage.Tests.Vending;
using Latchkey.Sts;
using Latchkey.Vending;
using Latchkey.Vending.Apart;

namespace Latchkey.Custody.Tests.Contract;

/// <summary>Limits, times, stops, promises; and the tokens that carry no energy.</summary>
public abstract partial class SignerContract
{
    [Fact]
    public async Task Sign_BeyondTheLimit_IsRefusedUntilTwoPeopleRaiseIt()
    {
        using Shop shop = await Shop.OpenAsync();
        using SignerRig rig = await Rig(shop).StartAsync(limit: 8_000);
        var orders = new HeldOrders(shop);
        (VendOrder Order, HeldEntry Held)[] two = [await orders.Hold(1), await orders.Hold(2)];
        IReadOnlyList<SignOutcome> outcomes = await rig.Signer.SignAsync(two, CancellationToken.None);
        Token(outcomes[0]);
        Assert.Equal("key-credit-limit", Code(outcomes[1]));
        Assert.Equal(5_000, rig.Counters.MinorUnits);

        ApprovalEffect forged = ActEffects.KeyLimit(SignerKey.Of(rig.Keys.Keys.Single(k => k.KeyId == SignerRig.KeyId)), 5_000, out _)!;
        Assert.Equal("two-approvers-needed", await rig.Keys.ApplyAsync(Shop.Id(80), forged, CancellationToken.None));
        Assert.Null(await rig.Raise(80, 5_000));
        Token(await rig.Signer.SignAsync(two[1].Order, two[1].Held, CancellationToken.None));
    }

    [Fact]
    public async Task Cancel_AHoldWithoutAToken_IsAPromiseThatIsKept()
    {
        using Shop shop = await Shop.OpenAsync();
        using SignerRig rig = await Rig(shop).StartAsync();
        (VendOrder order, HeldEntry held) = await new HeldOrders(shop).Hold(1);
        Assert.Equal(NoTokenPromise.Given, await rig.Signer.CancelAsync(order.Id, held.EntryId, CancellationToken.None));
        Assert.Equal(NoTokenPromise.Given, await rig.Signer.CancelAsync(order.Id, held.EntryId, CancellationToken.None));
        rig.Restart();
        Assert.Equal("purchase-cancelled", await Refusal(rig, order, held));
        Assert.Equal(0, rig.Counters.Tokens);
    }

    [Fact]
    public async Task Cancel_AnOrderThatHasAToken_IsRefused()
    {
        using Shop shop = await Shop.OpenAsync();
        using SignerRig rig = await Rig(shop).StartAsync();
        (VendOrder order, HeldEntry held) = await new HeldOrders(shop).Hold(1);
        await rig.Signer.SignAsync(order, held, CancellationToken.None);
        Assert.Equal(NoTokenPromise.HasToken, await rig.Signer.CancelAsync(order.Id, held.EntryId, CancellationToken.None));
    }

    [Fact]
    public async Task Stop_AKey_EndsItUntilTwoPeopleResumeIt()
    {
        using Shop shop = await Shop.OpenAsync();
        using SignerRig rig = await Rig(shop).StartAsync();
        (VendOrder order, HeldEntry held) = await new HeldOrders(shop).Hold(1);
        await rig.Signer.StopAsync(SignerRig.KeyId, "drill", CancellationToken.None);
        Assert.Equal("key-stopped", await Refusal(rig, order, held));
        rig.Restart();
        Assert.Equal("key-stopped", await Refusal(rig, order, held));
        Assert.Null(await rig.Resume(80));
        Token(await rig.Signer.SignAsync(order, held, CancellationToken.None));
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(-3, -1)]
    public async Task Sign_OutsideTheKeysTime_IsRefused(int fromDays, int untilDays)
    {
        using Shop shop = await Shop.OpenAsync();
        DateTimeOffset now = shop.Clock.GetUtcNow();
        SigningKeyTerms terms = Shop.Terms() with { ActiveFrom = now.AddDays(fromDays), IssueUntil = now.AddDays(untilDays) };
        using SignerRig rig = await Rig(shop).StartAsync(terms);
        (VendOrder order, HeldEntry held) = await new HeldOrders(shop).Hold(1);
        Assert.Equal("key-not-active", await Refusal(rig, order, held));
        Assert.Equal(0, rig.Counters.Tokens);
    }

    [Fact]
    public async Task Sign_WithoutTheMetersKey_IsRefused()
    {
        using Shop shop = await Shop.OpenAsync();
        using SignerRig rig = await Rig(shop).StartAsync();
        MeterRecord meter = shop.House.Meters.Find(Shop.Pan)!;
        await shop.House.Meters.SaveAsync(meter with { Key = meter.Key with { KeyRevision = KeyRevisionNumber.FromValue(7) } }, CancellationToken.None);
        (VendOrder order, HeldEntry held) = await new HeldOrders(shop).Hold(1);
        Assert.Equal("key-missing", await Refusal(rig, order, held));
    }

    [Fact]
    public async Task Sign_AManagementToken_IsTheOneThatSoftwareMakesAndIsCounted()
    {
        using Shop shop = await Shop.OpenAsync();
        (ManagementIssue issue, HeldEntry posted) = await new HeldOrders(shop).ClearTamper(70);
        TokenNumber made;
        using (SignerRig rig = await Rig(shop).StartAsync())
        {
            made = Token(await rig.Signer.SignAsync(issue, posted, CancellationToken.None));
            Assert.Equal(made, Token(await rig.Signer.SignAsync(issue, posted, CancellationToken.None)));
            Assert.Equal(new KeyCounters(1, 0, 0), rig.Counters);
            ManagementRequest other = issue.Request with { Id = Shop.Id(71) };
            Assert.Equal("ledger-entry-missing", Code(await rig.Signer.SignAsync(issue with { Request = other }, posted, CancellationToken.None)));
        }

        using SignerRig reference = await CustodyRig.InSoftware(shop).StartAsync();
        Assert.Equal(Token(await reference.Signer.SignAsync(issue, posted, CancellationToken.None)), made);
    }

    [Fact]
    public async Task Sign_AChangeOfKeys_IsTheSetThatSoftwareMakesAndIsCountedOnTheNewKey()
    {
        using Shop shop = await Shop.OpenAsync();
        (KeyChange change, HeldEntry posted) = await new HeldOrders(shop).ChangeKey(Shop.Pan);
        IReadOnlyList<TokenNumber> made;
        using (SignerRig rig = await Rig(shop).StartAsync())
        {
            KeyChangeSigned signed = await rig.KeyChanges.SignAsync(change, posted, CancellationToken.None);
            Assert.Null(signed.Refusal);
            Assert.Equal(signed.Tokens, (await rig.KeyChanges.SignAsync(change, posted, CancellationToken.None)).Tokens);
            Assert.Equal((0, 1), (rig.Counters.Tokens, rig.Keys.Keys.Single(k => k.KeyId == SignerRig.SecondTerms.KeyId).Counters.Tokens));
            Assert.Equal("ledger-entry-missing", (await rig.KeyChanges.SignAsync(change, posted with { Hash = default }, CancellationToken.None)).Refusal);
            made = signed.Tokens;
        }

        using SignerRig reference = await CustodyRig.InSoftware(shop).StartAsync();
        Assert.Equal((await reference.KeyChanges.SignAsync(change, posted, CancellationToken.None)).Tokens, made);
        Assert.Equal(change.TokenCount, made.Count);
    }
}
