using Latchkey.Server.Portal.Park;

namespace Latchkey.Server.Tests;

public sealed class ParkModelTests
{
    private static readonly ParkOverview Park = new FakePark(TimeProvider.System).ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();

    [Theory]
    [InlineData(RoomFilter.All, 7)]
    [InlineData(RoomFilter.Low, 2)]
    [InlineData(RoomFilter.Off, 2)]
    [InlineData(RoomFilter.Silent, 2)]
    [InlineData(RoomFilter.Tampered, 1)]
    public void AFilter_CountsAndShowsTheSameRooms(RoomFilter filter, int rooms)
    {
        var model = new ParkModel(Park, filter, null);
        Assert.Equal((rooms, rooms), (model.Count(filter), model.Buildings.Sum(building => building.Rooms.Count)));
    }

    [Theory]
    [InlineData("café", "102")]
    [InlineData("6007 2700 0000 0000 58", "202")]
    [InlineData("  103 ", "103")]
    public void ASearch_FindsByTenantMeterAndRoom(string search, string room) =>
        Assert.Equal(room, Assert.Single(Assert.Single(new ParkModel(Park, RoomFilter.All, search).Buildings).Rooms).Room);

    [Theory]
    [InlineData(null, RoomFilter.All)]
    [InlineData("LOW", RoomFilter.Low)]
    [InlineData("1", RoomFilter.All)]
    [InlineData("nonsense", RoomFilter.All)]
    public void AnAddress_IsReadOrMeansEverything(string? word, RoomFilter filter) => Assert.Equal(filter, ParkModel.Parse(word));

    [Fact]
    public void AChoice_LivesInTheAddress() => Assert.Equal("/park?show=low&q=caf%C3%A9%20%26%20co", ParkModel.Address(RoomFilter.Low, " café & co "));
}
