using Latchkey.Custody.Tests.Contract;
using Latchkey.Storage.Tests.Vending;
using Latchkey.Sts;
using Latchkey.Vending;
using Latchkey.Vending.SecurityModules;

namespace Latchkey.Custody.Tests.Modules;

/// <summary>Modules have bad days; the signer over them keeps its promises.</summary>
public sealed class SecurityModuleTests
{
    [Fact]
    public async Task Sign_WhenTheAnswerIsLost_LeavesTheOrderAndMakesTheSameTokenLater()
    {
        using Shop shop = await Shop.OpenAsync();
        using var rig = (ModuleRig)await new ModuleRig(shop).StartAsync();
        (VendOrder order, HeldEntry held) = await new HeldOrders(shop).Hold(1);
        rig.Module.Faults.Enqueue(ModuleFault.AnswerLost);
        Assert.Equal(new SignOutcome.Refused("signer-unavailable"), await rig.Signer.SignAsync(order, held, CancellationToken.None));
        Assert.Equal(0, rig.Counters.Tokens);

        TokenNumber token = Assert.IsType<SignOutcome.Signed>(await rig.Signer.SignAsync(order, held, CancellationToken.None)).Token;
        Assert.Equal(order.Terms!.TenthsGranted, Shop.Read(token.ToString()).Amount.Steps);

        // The journal counts what left it; the module has counted what it made, twice.
        Assert.Equal((1, order.Terms.TenthsGranted), (rig.Counters.Tokens, rig.Counters.Tenths));
        Assert.Equal(2 * order.Terms.TenthsGranted, rig.Module.Used(SignerRig.KeyId));
    }

    [Fact]
    public async Task Sign_WhenTheModuleIsBusyForAMoment_WaitsForIt()
    {
        using Shop shop = await Shop.OpenAsync();
        using var rig = (ModuleRig)await new ModuleRig(shop).StartAsync();
        (VendOrder order, HeldEntry held) = await new HeldOrders(shop).Hold(1);
        rig.Module.Faults.Enqueue(ModuleFault.Busy);
        rig.Module.Faults.Enqueue(ModuleFault.Busy);
        Task<SignOutcome> signing = rig.Signer.SignAsync(order, held, CancellationToken.None);
        while (!signing.IsCompleted)
        {
            shop.Clock.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        Assert.IsType<SignOutcome.Signed>(await signing);
    }

    [Fact]
    public async Task Sign_ABatchOverASilentModule_AsksOnceAndLeavesThemAll()
    {
        using Shop shop = await Shop.OpenAsync();
        using var rig = (ModuleRig)await new ModuleRig(shop).StartAsync();
        var orders = new HeldOrders(shop);
        (VendOrder, HeldEntry)[] batch = [await orders.Hold(1), await orders.Hold(2), await orders.Hold(3)];
        int before = rig.Module.Requests;
        rig.Module.Faults.Enqueue(ModuleFault.RequestLost);
        IReadOnlyList<SignOutcome> outcomes = await rig.Signer.SignAsync(batch, CancellationToken.None);
        Assert.All(outcomes, o => Assert.Equal(new SignOutcome.Refused("signer-unavailable"), o));
        Assert.Equal(before + 1, rig.Module.Requests);
        Assert.All(await rig.Signer.SignAsync(batch, CancellationToken.None), o => Assert.IsType<SignOutcome.Signed>(o));
        Assert.Equal(3, rig.Counters.Tokens);
    }

    [Fact]
    public async Task Sign_BeyondTheModulesOwnLimit_IsRefused()
    {
        using Shop shop = await Shop.OpenAsync();
        using var rig = (ModuleRig)await new ModuleRig(shop, moduleLimit: 10).StartAsync();
        (VendOrder order, HeldEntry held) = await new HeldOrders(shop).Hold(1);
        Assert.Equal(new SignOutcome.Refused("key-credit-limit"), await rig.Signer.SignAsync(order, held, CancellationToken.None));
        Assert.Equal((0, 0u), (rig.Counters.Tokens, rig.Module.Used(SignerRig.KeyId)));
    }

    [Fact]
    public async Task Sign_WhatTheBooksRefuse_NeverReachesTheModule()
    {
        using Shop shop = await Shop.OpenAsync();
        using var rig = (ModuleRig)await new ModuleRig(shop).StartAsync(limit: 1_000);
        (VendOrder order, HeldEntry held) = await new HeldOrders(shop).Hold(1);
        int before = rig.Module.Requests;
        Assert.Equal(new SignOutcome.Refused("key-credit-limit"), await rig.Signer.SignAsync(order, held, CancellationToken.None));
        Assert.Equal(new SignOutcome.Refused("ledger-entry-missing"), await rig.Signer.SignAsync(order, default, CancellationToken.None));
        await rig.Signer.StopAsync(SignerRig.KeyId, "drill", CancellationToken.None);
        Assert.Equal(new SignOutcome.Refused("key-stopped"), await rig.Signer.SignAsync(order, held, CancellationToken.None));
        Assert.Equal(before, rig.Module.Requests);
    }

    [Fact]
    public async Task Load_AFileForAnotherModuleOrASpoiledOne_IsRefused()
    {
        var module = new StandInModule("SM-0001", TimeProvider.System);
        byte[] file = StandInModule.KeyFile("SM-0001", SignerRig.PublishedKey, Shop.Terms(), 100);
        byte[] foreign = StandInModule.KeyFile("SM-0002", SignerRig.PublishedKey, Shop.Terms(), 100);
        Assert.Equal(ModuleResult.KeyFileRefused, (await module.LoadKeyFileAsync(foreign, CancellationToken.None)).Result);
        Assert.Equal(ModuleResult.KeyFileRefused, (await module.LoadKeyFileAsync(file.AsMemory(0, file.Length - 1), CancellationToken.None)).Result);
        Assert.Empty((await module.KeysAsync(CancellationToken.None)).Value!);
        Assert.True((await module.LoadKeyFileAsync(file, CancellationToken.None)).IsDone);
    }

    [Fact]
    public async Task Enter_TheModulesKeys_NeedsTwoPeopleAndRefusesAnotherKeyUnderTheSameName()
    {
        using Shop shop = await Shop.OpenAsync();
        using var rig = (ModuleRig)await new ModuleRig(shop).StartAsync();
        Assert.Equal("two-approvers-needed", await rig.ModuleKeys.EnterAsync(1, new TwoPeople("Ann", "Ann"), CancellationToken.None));
        await rig.Module.LoadKeyFileAsync(StandInModule.KeyFile("SM-0001", SignerRig.SecondKey, Shop.Terms(), 100), CancellationToken.None);
        Assert.Equal("signed-with-other-content", await rig.ModuleKeys.EnterAsync(1, SignerRig.People, CancellationToken.None));
        rig.Module.Faults.Enqueue(ModuleFault.RequestLost);
        Assert.Equal("signer-unavailable", await rig.ModuleKeys.EnterAsync(1, SignerRig.People, CancellationToken.None));
    }

    [Fact]
    public async Task Compare_AfterSomebodyUsedTheModulePastTheSigner_ShowsIt()
    {
        using Shop shop = await Shop.OpenAsync();
        using var rig = (ModuleRig)await new ModuleRig(shop).StartAsync();
        (VendOrder order, HeldEntry held) = await new HeldOrders(shop).Hold(1);
        await rig.Signer.SignAsync(order, held, CancellationToken.None);
        Assert.True(TransferAmount.TryFromSteps(5_000, out TransferAmount amount));
        var ghost = new CreditToken(CreditSubClass.Electricity, 1, TokenIdentifier.FromMinutes(7_000_000), amount);
        Assert.True((await rig.Module.MakeCreditTokenAsync(new ModuleCreditRequest(Shop.Key, ghost), CancellationToken.None)).IsDone);
        ModuleKeyCheck check = (await rig.ModuleKeys.CompareAsync(CancellationToken.None)).Value!.Single(c => c.Booked.KeyId == SignerRig.KeyId);
        Assert.Equal(5_000, check.InModule!.CreditUsed - check.Booked.Counters.Tenths);
    }

    [Theory]
    [InlineData(ModuleResult.KeyNotLoaded, "key-missing")]
    [InlineData(ModuleResult.KeyNotActive, "key-not-active")]
    [InlineData(ModuleResult.IssueUntilPassed, "key-not-active")]
    [InlineData(ModuleResult.CreditLimitReached, "key-credit-limit")]
    [InlineData(ModuleResult.KeyExpired, "key-expired")]
    [InlineData(ModuleResult.NotPermitted, "security-module-refused")]
    [InlineData(ModuleResult.AttributesRefused, "key-algorithm-mismatch")]
    [InlineData(ModuleResult.KeyFileRefused, "security-module-refused")]
    [InlineData(ModuleResult.Busy, "signer-unavailable")]
    [InlineData(ModuleResult.NoAnswer, "signer-unavailable")]
    public void CodeOf_EveryResult_IsItsCode(ModuleResult result, string code) => Assert.Equal(code, ModuleAnswer.CodeOf(result));
}
