# wrong: 422, after a query was made
from sqlalchemy.exc import DBAPIError


@router.get("/{user_id}", response_model=UserOut)
async def get_user(user_id: int, session: Session) -> User:
    """Show one user."""
    try:
        user = await session.get(User, user_id)
    except DBAPIError:
        raise HTTPException(422, "No user can have this id.") from None
    if user is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    return user
