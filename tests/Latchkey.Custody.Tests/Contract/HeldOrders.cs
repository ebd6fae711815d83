using Latchkey.Ledger;
using Latchkey.Storage.Tests.Vending;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Vending;

namespace Latchkey.Custody.Tests.Contract;

/// <summary>Orders that the books of a shop hold and that no signer has seen: what every signer of the contract is asked for.</summary>
internal sealed class HeldOrders(Shop shop)
{
    private readonly Capture _capture = new();

    public static VendingKeyRevision Revision2 { get; } = new(
        Shop.Key.SupplyGroup, KeyType.Unique, KeyRevisionNumber.FromValue(2), KeyExpiryNumber.Never, BaseDate.Year2014, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Unspecified), null);

    public async Task<(VendOrder Order, HeldEntry Held)> Hold(int id, decimal yuan = 50m, MeterPan? pan = null)
    {
        await Assert.ThrowsAsync<CapturedException>(() => Desk().PlaceAsync(Shop.Order(id, yuan, pan), CancellationToken.None));
        return _capture.Orders[^1];
    }

    /// <summary>Gives the money back on the word of a signer that promises anything.</summary>
    public async Task Void(int id) => Assert.IsType<ReversalOutcome.Reversed>(await Desk().ReverseAsync(Shop.Id(id), "drill", CancellationToken.None));

    public async Task<(ManagementIssue Issue, HeldEntry Posted)> ClearTamper(int id)
    {
        await shop.Budget(BudgetKind.ClearTamper, 1, LedgerUnit.Token, id: 9_000 + id);
        await shop.Approve(id, IssueEffects.Management(ApprovalKind.ClearTamper, Shop.Pan, 0, out _)!);
        Approval given = shop.House.Approvals.Find(Shop.Id(id))!;
        var request = new ManagementRequest(
            Shop.Id(id), Shop.Pan, ManagementSubClass.ClearTamperCondition, 0, given.Request.Reason, Insiders.Ann.ToString(), Insiders.Bo.ToString());
        await Assert.ThrowsAsync<CapturedException>(() => Desk().IssueManagementTokenAsync(request, CancellationToken.None));
        return _capture.Issue!.Value;
    }

    public async Task<(KeyChange Change, HeldEntry Posted)> ChangeKey(MeterPan pan)
    {
        var desk = new KeyChangeDesk(new SqliteKeyChanges(shop.House.Database), shop.House.Store, _capture, Shop.Options, shop.Clock);
        Assert.Null(await desk.PlanAsync(pan, Revision2, null, KeyChangePolicy.OnRequest, takesThirdToken: false, CancellationToken.None));
        await Assert.ThrowsAsync<CapturedException>(() => desk.IssueAsync(pan, CancellationToken.None));
        return _capture.Change!.Value;
    }

    private OrderDesk Desk() => new(shop.House.Store, _capture, new TariffBook([Shop.Blocks()]), Shop.Options, shop.Clock);

    private sealed class CapturedException : Exception;

    private sealed class Capture : ITokenSigner, IKeyChangeSigner
    {
        public List<(VendOrder Order, HeldEntry Held)> Orders { get; } = [];

        public (ManagementIssue, HeldEntry)? Issue { get; private set; }

        public (KeyChange, HeldEntry)? Change { get; private set; }

        public bool IsDevelopment => true;

        public Task<SignOutcome> SignAsync(VendOrder order, HeldEntry held, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<SignOutcome>> SignAsync(IReadOnlyList<(VendOrder Order, HeldEntry Held)> orders, CancellationToken cancellationToken)
        {
            Orders.AddRange(orders);
            throw new CapturedException();
        }

        public Task<SignOutcome> SignAsync(ManagementIssue issue, HeldEntry posted, CancellationToken cancellationToken)
        {
            Issue = (issue, posted);
            throw new CapturedException();
        }

        public Task<KeyChangeSigned> SignAsync(KeyChange change, HeldEntry posted, CancellationToken cancellationToken)
        {
            Change = (change, posted);
            throw new CapturedException();
        }

        public Task<NoTokenPromise> CancelAsync(Guid orderId, Guid entryId, CancellationToken cancellationToken) => Task.FromResult(NoTokenPromise.Given);

        public Task StopAsync(string keyId, string reason, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
