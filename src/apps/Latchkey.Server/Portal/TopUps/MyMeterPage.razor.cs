using Microsoft.AspNetCore.Components;

namespace Latchkey.Server.Portal.TopUps;

/// <summary>The tenant's own meter, with the token that is still to be typed.</summary>
public sealed partial class MyMeterPage
{
    private const int RecentTopUps = 5;
    private string? _pan, _token;

    [Inject] private ITopUps TopUps { get; set; } = null!;

    protected override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        TopUpOffer? offer = await TopUps.OfferAsync(TenantId, cancellationToken);
        IReadOnlyList<TopUpProgress> recent = await TopUps.ListAsync(TenantId, RecentTopUps, cancellationToken);
        string? token = recent.FirstOrDefault(topUp => new TopUpModel(topUp).MayType)?.Token;
        bool changed = offer?.Pan != _pan || token != _token;
        (_pan, _token) = (offer?.Pan, token);
        return changed;
    }
}
