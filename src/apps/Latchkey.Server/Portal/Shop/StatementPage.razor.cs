using Latchkey.Vending.Vendors;

namespace Latchkey.Server.Portal.Shop;

/// <summary>What moved on the float, and the slips that are to raise it.</summary>
public sealed partial class StatementPage
{
    private const int MostLines = 200, MostSlips = 20;
    private IReadOnlyList<FloatLine> _lines = [];
    private IReadOnlyList<DepositSlip> _slips = [];

    protected override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        await base.ReadAsync(cancellationToken);
        (_lines, _slips) = (Shop.Statement(Cashier, MostLines), Shop.Slips(Cashier, MostSlips));
        return true;
    }
}
