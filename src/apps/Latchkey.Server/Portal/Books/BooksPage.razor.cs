using Latchkey.Server.Portal.Orders;
using Microsoft.AspNetCore.Components;

namespace Latchkey.Server.Portal.Books;

/// <summary>Whether ledger, orders and the signer's journal agree, and where they do not.</summary>
public sealed partial class BooksPage
{
    private const int MostDifferences = 100;
    private BooksCheck? _check;
    private LedgerOverview? _ledger;
    private bool _busy;

    [Inject] private IBooksView Books { get; set; } = null!;

    [Inject] private IOrderView Orders { get; set; } = null!;

    protected override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        BooksCheck check = await Books.CheckAsync(again: false, cancellationToken);
        LedgerOverview ledger = await Orders.LedgerAsync(cancellationToken);
        bool changed = check != _check || ledger.ChainHead != _ledger?.ChainHead;
        (_check, _ledger) = (check, ledger);
        return changed;
    }

    private async Task AgainAsync()
    {
        _busy = true;
        try
        {
            _check = await Books.CheckAsync(again: true, Closed);
        }
        finally
        {
            _busy = false;
        }
    }
}
