using Latchkey.Server.Portal.Orders;
using Microsoft.AspNetCore.Components;

namespace Latchkey.Server.Portal.Books;

/// <summary>Whether ledger, orders and the signer's journal agree, and where they do not.</summary>
public sealed partial class BooksPage
{
    private const int MostDifferences = 100;
    private BooksCheck? _check;
    private LedgerOverview? _ledger;
    private BooksPapers _papers = new([], [], []);
    private bool _busy;

    [Inject] private IBooksView Books { get; set; } = null!;

    [Inject] private IOrderView Orders { get; set; } = null!;

    protected override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        BooksCheck check = await Books.CheckAsync(again: false, cancellationToken);
        LedgerOverview ledger = await Orders.LedgerAsync(cancellationToken);
        BooksPapers papers = Books.Papers();
        bool changed = check != _check || ledger.ChainHead != _ledger?.ChainHead || !papers.Roots.SequenceEqual(_papers.Roots) || !papers.Findings.SequenceEqual(_papers.Findings) || !papers.Settled.SequenceEqual(_papers.Settled);
        (_check, _ledger, _papers) = (check, ledger, papers);
        return changed;
    }

    private async Task AgainAsync()
    {
        _busy = true;
        try
        {
            _check = await Books.CheckAsync(again: true, Closed);
            _papers = Books.Papers();
        }
        finally
        {
            _busy = false;
        }
    }
}
