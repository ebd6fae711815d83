using Microsoft.AspNetCore.Components;

namespace Latchkey.Server.Portal.Park;

/// <summary>The rooms of the park, their balances and states.</summary>
public sealed partial class ParkPage
{
    private ParkModel? _model;
    private ParkOverview? _seen;

    [Inject] private IParkView Park { get; set; } = null!;

    [Inject] private NavigationManager Navigation { get; set; } = null!;

    [SupplyParameterFromQuery(Name = "show")] private string? Show { get; set; }

    [SupplyParameterFromQuery(Name = "q")] private string? Search { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        _seen = null;
        await base.OnParametersSetAsync();
    }

    protected override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        ParkOverview park = await Park.ReadAsync(cancellationToken);
        if (_seen is not null && _seen.AsOf == park.AsOf && _seen.Rooms.SequenceEqual(park.Rooms)) return false;
        _seen = park;
        _model = new ParkModel(park, ParkModel.Parse(Show), Search);
        return true;
    }

    private static string FilterTone(RoomFilter filter) => filter switch
    {
        RoomFilter.Low => "warn",
        RoomFilter.Off or RoomFilter.Tampered => "bad",
        RoomFilter.Silent => "calm",
        _ => "good",
    };

    private void SearchFor(string? search) => Navigation.NavigateTo(ParkModel.Address(ParkModel.Parse(Show), search), replace: true);
}
