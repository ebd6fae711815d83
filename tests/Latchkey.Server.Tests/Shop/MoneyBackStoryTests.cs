using Latchkey.Parks.TopUps;
using Latchkey.Payments.Intents;
using Latchkey.Payments.Refunds;
using Latchkey.Payments.WeChatPay;
using Latchkey.Quantities;
using Latchkey.Server.Demo;
using Latchkey.Storage.Vending;
using Latchkey.Vending;
using Latchkey.Vending.Apart;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latchkey.Server.Tests.Shop;

/// <summary>A tenant pays by phone and gets nothing he can use: two people give the money back, and the payment service has paid it. All rooms are the real ones.</summary>
public sealed class MoneyBackStoryTests : IAsyncLifetime
{
    private static readonly DemoRoomPlan Room = DemoRoomPlan.Park[0];
    private static readonly Guid Id = DemoIds.Of("money back");
    private static readonly ApprovalPerson Ann = ApprovalPerson.AtPortal("ann", isOperator: true), Bo = ApprovalPerson.AtPortal("bo", isOperator: true);
    private readonly string _directory = Directory.CreateTempSubdirectory("latchkey-back-").FullName;
    private readonly WorldClock _clock = new(new DateTimeOffset(2026, 6, 1, 8, 0, 0, TimeSpan.Zero), 0, TimeProvider.System);
    private DemoWorld _world = null!;

    private VendingHouse House => _world.Platform.Vending;

    private TopUp Stored => _world.Platform.TopUps.Find(Id)!;

    public async ValueTask InitializeAsync()
    {
        var options = new DemoWorldOptions { DataDirectory = _directory, NotifyAddress = new Uri("http://127.0.0.1:9/v1/payments/wechat/notify") };
        _world = await DemoWorld.OpenAsync(options, _clock, DemoSecrets.FromSeed(9), NullLoggerFactory.Instance, CancellationToken.None);
        await _world.FoundAsync([Room], CancellationToken.None);
        await _world.MoveInAsync(Room, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task PaidAndNeverSold_GoesBackToThePayer_AndTheOrderEndsReversed()
    {
        foreach (SignerKey key in (await House.KeysAsync(CancellationToken.None))!) await House.Signer.StopAsync(key.KeyId, "drill", CancellationToken.None);
        await PayAsync();
        await UntilAsync(() => Stored is { State: TopUpState.Paid, Code: VendingCodes.KeyStopped });
        await GiveBackAsync(null, string.Empty);
        Assert.Equal(OrderState.Reversed, House.Desk.Find(Id)!.State);
        await AssertPaidBackAsync();
    }

    [Fact]
    public async Task ATokenThatItsMeterCanNeverTake_GoesBackToThePayer_AndTheSaleIsTakenBack()
    {
        _world.Meter(Room).Use(meter => Rooms.VirtualMeterFace.Plug(meter, null));
        await PayAsync();
        await UntilAsync(() => Stored.State == TopUpState.Delivering);
        Assert.Equal(VendingCodes.TokenIssued, await RefusalAsync(null, string.Empty));
        await GiveBackAsync(UnusedReason.RefusedAsOld, "5e1f");
        Assert.Equal(OrderState.Cancelled, House.Desk.Find(Id)!.State);
        await AssertPaidBackAsync();
    }

    private async Task PayAsync()
    {
        var wish = new StartTopUp(Id, Room.RoomId, TwoShops.Yuan(2_000), WeChatPayProvider.ProviderName, PaymentMethod.Jsapi, Room.OpenId);
        Assert.IsType<StartTopUpOutcome.Ready>(await _world.Platform.TopUps.StartAsync(wish, CancellationToken.None));
        Assert.NotNull(_world.Services.Pay.Confirm(OutTradeNo.FromOrder(Id).Value, Room.OpenId));
    }

    private async Task GiveBackAsync(UnusedReason? reason, string evidence)
    {
        ApprovalEffect effect = House.MoneyBack.EffectOf(Id, reason, evidence, out _)!;
        Assert.IsType<ApprovalOutcome.Done>(await House.Acts.AskAndApproveAsync(DemoIds.Of("approval"), effect, "case 17", Ann, Bo, CancellationToken.None));
    }

    private async Task<string?> RefusalAsync(UnusedReason? reason, string evidence) => await House.Acts.AskAsync(
        DemoIds.Of("unasked"), House.MoneyBack.EffectOf(Id, reason, evidence, out _)!, "case 17", Ann, TimeSpan.FromHours(1), CancellationToken.None) is ApprovalOutcome.Refused refused ? refused.Code : null;

    private async Task AssertPaidBackAsync()
    {
        await UntilAsync(() => Stored.State == TopUpState.Refunded);
        Payment payment = (await _world.Platform.Payments.FindAsync(OutTradeNo.FromOrder(Id), CancellationToken.None))!;
        for (int i = 0; i < 200 && payment.State != PaymentState.Refunded; i++)
        {
            await PassAsync();
            payment = (await _world.Platform.Payments.FindAsync(OutTradeNo.FromOrder(Id), CancellationToken.None))!;
        }

        Refund refund = (await _world.Platform.TopUps.FindReturnAsync(Id, CancellationToken.None))!;
        Assert.Equal((PaymentState.Refunded, 2_000L, RefundState.Succeeded), (payment.State, payment.RefundedMinorUnits, refund.State));
        Assert.Equal(0, (long)(House.Ledger.FindAccount(Ledger.AccountId.Require("clearing:wechat"))?.Balance.Net ?? 0));

        // Days later, and asked again: nothing more moves, and all books agree.
        for (int day = 0; day < 4; day++) await PassAsync(TimeSpan.FromDays(1));
        Assert.Equal(VendingCodes.MoneyIsBack, await RefusalAsync(House.Desk.Find(Id)!.Token is null ? null : UnusedReason.RefusedAsOld, House.Desk.Find(Id)!.Token is null ? string.Empty : "5e1f"));
        Assert.True(House.Audit.Verify().IsIntact);
        await House.Reconciliation.RunAsync(CancellationToken.None);
        Assert.DoesNotContain(House.Reconciliation.List(null, withCleared: false, 100), i => i.Finding.Subject.Contains("wechat", StringComparison.Ordinal) || i.Finding.Subject.Contains(Id.ToString(), StringComparison.Ordinal));
    }

    private async Task UntilAsync(Func<bool> isSo)
    {
        for (int i = 0; i < 300 && !isSo(); i++) await PassAsync();
        Assert.True(isSo(), $"{Stored} {Stored.Code}");
    }

    private async Task PassAsync(TimeSpan? time = null)
    {
        _clock.Advance(time ?? TimeSpan.FromSeconds(5));
        await _world.StepAsync(CancellationToken.None);
    }
}
